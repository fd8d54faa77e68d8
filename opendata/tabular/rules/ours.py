"""The kinds of finding that our rules over one row report."""

from collections.abc import Mapping

from opendata.domain.errors import Text
from opendata.tabular.rules.model import Rule

_VALUE_ADVICE = Text("请核对后填写。", "Look it up and fill it in.")
OURS: Mapping[str, Rule] = {
    "agency-mismatch": Rule(
        Text("发布机构与登记不符", "Other publisher than registered"),
        Text(
            "“{value}”不是本数据集登记的机构（{expected}）。",
            '"{value}" is not whom this dataset is registered for ({expected}).',
        ),
        Text("请改正机构名称，或先登记转录来源。", "Correct the name, or register the source."),
    ),
    "period-mismatch": Rule(
        Text("时段与数据集不符", "Other period than the dataset's"),
        Text("“{value}”不属于数据集时段 {expected}。", '"{value}" is not in {expected}.'),
        Text("其他时段请报送到相应的数据集。", "Send other periods to their own datasets."),
    ),
    "not-finite": Rule(
        Text("不是有限的数", "No finite number"),
        Text("“{value}”不是有限的数。", '"{value}" is no finite number.'),
        Text("没有数据时请留空。", "Leave the cell empty where nothing is known."),
    ),
    "decimal-places": Rule(
        Text("小数位数过多", "Too many decimal places"),
        Text(
            "“{value}”的小数位数超过 {expected} 位。",
            '"{value}" has more than {expected} decimal places.',
        ),
        Text("请按规定的单位和精度填写。", "Give it in the unit and precision prescribed."),
    ),
    "uscc-invalid": Rule(
        Text("统一社会信用代码有误", "Invalid unified social credit code"),
        Text(
            "“{value}”不是有效的统一社会信用代码（{expected}）。",
            '"{value}" is no valid unified social credit code ({expected}).',
        ),
        Text("应为 18 位大写字母和数字；不知道时请留空。", "18 capitals and digits, or empty."),
    ),
    "required-when": Rule(
        Text("条件必填项为空", "Conditionally required value missing"),
        Text("满足条件时必填：{expected}。", "a value is required when {expected}."),
        _VALUE_ADVICE,
    ),
    "empty-when": Rule(
        Text("此处应为空", "Value out of place"),
        Text("“{value}”不应填写，因为：{expected}。", '"{value}" is out of place when {expected}.'),
        Text("请清空该单元格或改正条件列。", "Empty the cell, or correct the other column."),
    ),
    "date-order": Rule(
        Text("先后顺序有误", "Wrong order"),
        Text("“{value}”晚于或大于{expected}。", '"{value}" is after {expected}.'),
        Text("请核对两列。", "Check both columns."),
    ),
    "not-marked": Rule(
        Text("不符合规定的形式", "Not in the form prescribed"),
        Text(
            "“{value}”不符合规定的形式 {expected}。", '"{value}" does not have the form {expected}.'
        ),
        Text("请按规定的形式填写。", "Give it in the form prescribed."),
    ),
    "value-expected": Rule(
        Text("建议填写", "Value expected"),
        Text("此处一般应有值。", "a value is expected here."),
        _VALUE_ADVICE,
        "caution",
    ),
    "sum-broken": Rule(
        Text("合计与分项之和不符", "Not the sum of its parts"),
        Text(
            "分项之和应为 {expected}，合计写为 {found}，相差 {difference}{comparison_zh}。",
            "the parts come to {expected}, the total says {found}, a difference of {difference}"
            "{comparison_en}.",
        ),
        Text("请核对本行合计与各分项。", "Check the total and its parts."),
    ),
    "region-invalid": Rule(
        Text("行政区划代码有误", "Unknown region code"),
        Text("代码表（{expected}）里没有“{value}”。", '"{value}" is no code of {expected}.'),
        Text(
            "请按 GB/T 2260 填写当年有效的代码。", "Give the code of GB/T 2260 valid in that year."
        ),
    ),
    "category-unknown": Rule(
        Text("代码不在范围内", "Unknown code"),
        Text("“{value}”不在规定的取值之中：{expected}。", '"{value}" is none of: {expected}.'),
        Text("请填写数据规范规定的代码。", "Use a code of the contract."),
    ),
    "project-code": Rule(
        Text("项目代码不符合编码规则", "Project code out of form"),
        Text("“{value}”应为：{expected}。", '"{value}" should have: {expected}.'),
        Text("请按批复文件上印出的代码填写。", "Give the code as it is printed."),
    ),
    "stated-amount": Rule(
        Text("文字中的金额与金额列不符", "Amount in the text differs"),
        Text(
            "文字中写明的金额是 {found} 元，金额列是 {expected} 元。",
            "the text says {found} 元, the column {expected} 元.",
        ),
        Text("请核对文字和金额列。", "Check the text and the column."),
    ),
    "at-most": Rule(
        Text("超过上限", "Over the limit"),
        Text("“{value}”超过上限 {expected}。", '"{value}" is over the limit of {expected}.'),
        Text("请核对数值和条件列。", "Check the figure and the columns it depends on."),
    ),
    "term-order": Rule(
        Text("起止先后有误", "Terms in the wrong order"),
        Text("“{value}”晚于 {expected}。", '"{value}" is after {expected}.'),
        Text("请核对两列。", "Check both columns."),
    ),
    "window": Rule(
        Text("日期超出规定的期限", "Outside the prescribed window"),
        Text("“{value}”不在规定的期限内，应{limit_zh}。", '"{value}" must be {limit_en}.'),
        Text("请按适用的规定核对期限。", "Check it against the rule that applies."),
    ),
}
