"""The statutory tables as they are printed: with the merged headings of the official forms."""

from collections.abc import Collection, Sequence
from itertools import groupby

from opendata.domain.annual.indicators import INDICATORS
from opendata.domain.annual.layout import Printed, Slot, figures, head, label
from opendata.domain.annual.rows import Block, Row
from opendata.domain.annual.templates import Table, Template

_RULE = "(本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和)"
_RESULTS = "三、本年度办理结果"
# What several rows of table 3 have beside them, by what their codes begin with.
_GROUPS = {
    "3.3": "(三)不予公开",
    "3.4": "(四)无法提供",
    "3.5": "(五)不予处理",
    "3.6": "(六)其他处理",
}
_WIDE = 4
_INDENT = "　　"


def printed_tables(template: Template, also: Collection[str] = ()) -> tuple[Printed, ...]:
    """Return every table of a form as it is printed, in its order.

    Of the rows that are no part of the form, those whose codes are in ``also`` are printed.
    """
    shapes = {"2": _proactive, "3": _requests, "4": _reviews}
    return tuple(
        _annex(each, also) if each.code == "annex" else shapes[each.code](each)
        for each in template.tables
    )


def _codes(block: Block) -> tuple[str, ...]:
    return tuple(each.code for each in block.columns)


def _proactive(table: Table) -> Printed:
    rows: list[tuple[Slot, ...]] = []
    for block in table.blocks:
        wide = _WIDE - len(block.columns)
        names = [
            f"{each.name}(单位:{each.unit})" if each.unit == "万元" else each.name
            for each in block.columns
        ]
        rows.append((head(block.title, columns=_WIDE),))
        rows.append((head("信息内容"), *map(head, names[:-1]), head(names[-1], columns=wide)))
        rows.extend(
            (label(row.name), *figures(table.code, row.code, _codes(block), wide))
            for row in block.rows
        )
    return Printed(table.code, table.title.zh, tuple(rows), (31, 23, 23, 23))


def _requests(table: Table) -> Printed:
    [block] = table.blocks
    first, *legal, total = [each.name for each in block.columns]
    heads: tuple[tuple[Slot, ...], ...] = (
        (head(_RULE, 3, 3), head("申请人情况", columns=len(block.columns))),
        (head(first, 2), head("法人或其他组织", columns=len(legal)), head(total, 2)),
        tuple(map(head, legal)),
    )
    codes = _codes(block)
    results = [each for each in block.rows if each.code.startswith("3.")]
    whole = {
        each.code: (label(each.name, columns=3), *figures(table.code, each.code, codes))
        for each in block.rows
        if each not in results
    }
    answered = [
        row
        for name, group in groupby(results, lambda each: _GROUPS.get(each.code[:-2], ""))
        for row in _group(name, list(group), codes)
    ]
    answered[0] = (label(_RESULTS, len(answered)), *answered[0])
    rows = (*heads, whole["1"], whole["2"], *answered, whole["4"])
    widths = (7, 11, 33, 7, 7, 7, 7, 7, 7, 7)
    return Printed(table.code, table.title.zh, rows, widths, heads=len(heads))


def _group(name: str, rows: Sequence[Row], codes: Sequence[str]) -> list[tuple[Slot, ...]]:
    """Return rows of results; those of a group have its name beside them."""
    if not name:
        return [(label(each.name, columns=2), *figures("3", each.code, codes)) for each in rows]
    first, *others = [(label(each.name), *figures("3", each.code, codes)) for each in rows]
    return [(label(name, len(rows)), *first), *others]


def _reviews(table: Table) -> Printed:
    [block] = table.blocks
    names, codes = [each.name for each in block.columns], _codes(block)
    reviewed, *sued = block.rows
    wide = len(names)
    rows = (
        (head(reviewed.name, columns=wide), head("行政诉讼", columns=wide * len(sued))),
        (
            *(head(each, 2) for each in names),
            *(head(each.name.removeprefix("行政诉讼-"), columns=wide) for each in sued),
        ),
        tuple(head(each) for _ in sued for each in names),
        tuple(slot for row in block.rows for slot in figures(table.code, row.code, codes)),
    )
    return Printed(table.code, table.title.zh, rows, (7, 7, 7, 7, 6) * 3, heads=3)


def _annex(table: Table, also: Collection[str]) -> Printed:
    known = {row.code: row for block in table.blocks for row in block.rows}
    rows: list[tuple[Slot, ...]] = [(head("统计指标"), head("单位"), head("统计数"))]
    for name, level, code in INDICATORS:
        named = label(_INDENT * level + name)
        if not code:
            rows.append((named, head("——"), head("——")))
        elif code in also or not known[code].supplementary:
            rows.append((named, *_counted(table, known[code])))
    return Printed(table.code, "政府信息公开情况统计表", tuple(rows), (70, 10, 20), heads=1)


def _counted(table: Table, row: Row) -> tuple[Slot, ...]:
    return head(row.unit), *figures(table.code, row.code, ("none",))
