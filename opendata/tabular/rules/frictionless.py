"""The kinds of finding that are Frictionless's own."""

from collections.abc import Mapping

from opendata.domain.errors import Text
from opendata.tabular.rules.model import Rule

# Frictionless has one type for both; the note tells them apart.
BLANK_KEY = Rule(
    Text("主键为空", "Primary key empty"),
    Text("主键各列全部为空。", "its primary key is empty."),
    Text("请补全主键各列。", "Fill in the key's columns."),
)
UNKNOWN_RULE = Rule(Text("其他问题", "Other problem"), Text("{note}。", "{note}."))

_HEADER = Text(
    "请使用数据规范规定的列名（中文列名或字段名）和顺序。",
    "Use the contract's column names (title or machine name) in the contract's order.",
)

TABLE: Mapping[str, Rule] = {
    "unmatched-header": Rule(
        Text("表头不符", "Header does not match"),
        Text("没有一个列名属于该数据规范。", "no column of the contract is named."),
        _HEADER,
    ),
    "blank-label": Rule(
        Text("列名为空", "Blank label"),
        Text("列名为空，应为“{name}”。", 'the label is blank, expected "{name}".'),
        _HEADER,
    ),
    "duplicate-label": Rule(
        Text("列名重复", "Duplicate label"),
        Text(
            "列名“{label}”与第 {position} 列重复。",
            'the label "{label}" is that of column {position} too.',
        ),
        _HEADER,
    ),
    "extra-label": Rule(
        Text("多余的列", "Extra column"),
        Text("列“{label}”不在数据规范中。", '"{label}" is no column of the contract.'),
        Text("请删除该列。", "Remove it."),
    ),
    "missing-label": Rule(
        Text("缺少列", "Missing column"),
        Text("缺少列“{name}”。", 'the column "{name}" is missing.'),
        Text(
            "请补上该列，没有数据时留空。", "Add it; leave its cells empty where nothing is known."
        ),
    ),
    "incorrect-label": Rule(
        Text("列名不符", "Wrong label"),
        Text("列名是“{label}”，应为“{name}”。", 'the label is "{label}", expected "{name}".'),
        _HEADER,
    ),
}

ROWS: Mapping[str, Rule] = {
    "blank-row": Rule(
        Text("空行", "Blank row"),
        Text("整行为空。", "the row is blank."),
        Text("请删除空行。", "Remove it."),
    ),
    "primary-key": Rule(
        Text("主键重复或为空", "Primary key not unique"),
        Text("主键与第 {position} 行相同。", "its primary key is that of row {position}."),
        Text("同一条记录只能出现一次。", "A record may occur only once."),
    ),
    "foreign-key": Rule(
        Text("引用不存在", "Reference does not exist"), Text("{note}。", "{note}.")
    ),
    "duplicate-row": Rule(
        Text("重复的行", "Duplicate row"),
        Text("与第 {position} 行完全相同。", "is the same as row {position}."),
        Text("请删除重复的行。", "Remove one of them."),
    ),
    "row-constraint": Rule(
        Text("不满足行内关系", "Row constraint not met"),
        Text("应满足 {formula}。", "{formula} must hold."),
        Text("请核对本行各项数值。", "Check the figures of this row."),
    ),
    "extra-cell": Rule(
        Text("多出单元格", "Extra cell"),
        Text("该单元格超出表头的列数，值为“{value}”。", 'more cells than columns: "{value}".'),
        Text("值中含逗号时请用英文双引号括起。", "Quote values that hold commas."),
    ),
    "missing-cell": Rule(
        Text("缺少单元格", "Missing cell"),
        Text("本行单元格少于表头列数。", "the row has fewer cells than the header."),
        Text("没有数据的单元格也要保留逗号。", "Keep the comma of an empty cell."),
    ),
    "type-error": Rule(Text("类型不符", "Wrong type"), Text("{note}。", "{note}.")),
    "constraint-error": Rule(Text("不符合约束", "Constraint not met"), Text("{note}。", "{note}.")),
    "unique-error": Rule(
        Text("值重复", "Value not unique"),
        Text("值“{value}”与第 {position} 行重复。", '"{value}" is that of row {position} too.'),
    ),
}
