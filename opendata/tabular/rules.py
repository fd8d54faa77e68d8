"""One table of every kind of finding: its name, its words, and what to do about it.

``problem`` may quote ``{value}``, ``{expected}`` and the like; ``title`` and ``advice`` never do,
so that they are what a public report shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from opendata.domain.errors import Text

Severity = Literal["error", "caution"]


_NONE = Text("", "")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding. ``severity`` is its usual one: a contract's cautions never refuse."""

    title: Text
    problem: Text
    advice: Text = _NONE
    severity: Severity = "error"


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

_TABLE: Mapping[str, Rule] = {
    "source-error": Rule(
        Text("文件没有内容", "Empty file"), Text("文件没有内容。", "the file is empty.")
    ),
    "blank-header": Rule(
        Text("表头为空", "Blank header"), Text("表头为空。", "the header is blank."), _HEADER
    ),
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

_ROWS: Mapping[str, Rule] = {
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

_VALUE_ADVICE = Text("请核对后填写。", "Look it up and fill it in.")
_OURS: Mapping[str, Rule] = {
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
    "key-elsewhere": Rule(
        Text("记录已在其他数据集中", "Record held by another dataset"),
        Text("数据集“{expected}”已有主键相同的记录。", 'dataset "{expected}" holds its key.'),
        Text("同一条记录只能属于一个数据集。", "A record belongs to one dataset only."),
    ),
}

RULES: Mapping[str, Rule] = {**_TABLE, **_ROWS, **_OURS}
