"""The kinds of finding that our rules over several rows report."""

from collections.abc import Mapping

from opendata.domain.errors import Text
from opendata.tabular.rules.model import Rule

_FIGURES = Text(
    "{group}：{relation}，应为 {expected}，实为 {found}，相差 {difference}{comparison_zh}。",
    "{group}: {relation}: expected {expected}, found {found}, a difference of {difference}"
    "{comparison_en}.",
)
_CHECK_ROWS = Text("请核对所列各行的数值。", "Check the figures of the rows listed.")
SEVERAL: Mapping[str, Rule] = {
    "identity-broken": Rule(Text("勾稽关系不成立", "Figures do not add up"), _FIGURES, _CHECK_ROWS),
    "balance-broken": Rule(Text("收支不平衡", "Out of balance"), _FIGURES, _CHECK_ROWS),
    "rollup-broken": Rule(
        Text("上级科目不等于下级科目之和", "Not the sum of its parts"), _FIGURES, _CHECK_ROWS
    ),
    "parent-missing": Rule(
        Text("缺少上级科目", "Parent code missing"),
        Text(
            "{group}：列出了 {relation}，没有列出其上级 {expected}。",
            "{group}: {relation} is listed, its parent {expected} is not.",
        ),
        Text("请补上上级科目一行。", "Add the parent's row."),
    ),
    "not-detailed": Rule(
        Text("科目没有细化到规定级次", "Not broken down"),
        Text(
            "{group}：{found} 应细化到 {expected} 位编码。",
            "{group}: {found} must be broken down to codes of {expected} digits.",
        ),
        Text("请补上下级科目各行。", "Add the rows below it."),
    ),
    "grid-incomplete": Rule(
        Text("统计表缺少单元格", "Cells of the form missing"),
        Text("{group}：{relation} 缺少 {found}。", "{group}: {relation} lacks {found}."),
        Text("规定的表格须逐格填报，没有的填 0。", "Give every cell of the form, 0 where none."),
    ),
    "continuity-broken": Rule(
        Text("与上一时段不衔接", "Not continued"),
        _FIGURES,
        Text(
            "请与上一时段已发布的数据核对；有正当原因的请说明。",
            "Compare with what the previous period published; explain a reason there may be.",
        ),
    ),
    "share-wrong": Rule(
        Text("占比与数值不符", "Wrong share"),
        _FIGURES,
        Text("请按分项除以总数四舍五入核对。", "A share is part by total, rounded half up."),
    ),
    "key-not-unique": Rule(
        Text("应当唯一的值重复", "Not unique"),
        Text("{group}：{relation} 在多行中相同。", "{group}: rows agree in {relation}."),
        Text("请核对所列各行。", "Check the rows listed."),
    ),
    "stage-order": Rule(
        Text("阶段先后有误", "Stages out of order"),
        Text(
            "{group}：{relation}，前一阶段在 {expected}，后一阶段在 {found}。",
            "{group}: {relation}: the earlier stage is of {expected}, the later of {found}.",
        ),
        Text("请核对所列各行的日期。", "Check the dates of the rows listed."),
    ),
    "not-constant": Rule(
        Text("同一对象前后不一致", "Value differs"),
        Text(
            "{group}：前面写作“{expected}”，这里写作“{found}”。",
            '{group}: it was "{expected}" before, here it is "{found}".',
        ),
        Text("请核对，或说明变更。", "Check it, or record the change."),
    ),
    "bound-elsewhere": Rule(
        Text("与其他已发布数据矛盾", "Contradicts other data"),
        _FIGURES,
        Text(
            "请核对两处数据；口径不同的请说明。", "Check both; explain where they count otherwise."
        ),
    ),
    "key-elsewhere": Rule(
        Text("记录已在其他数据集中", "Record held by another dataset"),
        Text("数据集“{expected}”已有主键相同的记录。", 'dataset "{expected}" holds its key.'),
        Text("同一条记录只能属于一个数据集。", "A record belongs to one dataset only."),
    ),
}
