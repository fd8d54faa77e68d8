"""Findings on a terminal: one line of columns for each, then its words in both languages."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from opendata.domain.errors import Refusal
from opendata.domain.findings import Judgement

_WIDTHS = (8, 8, 36)
_INDENT = "    "
MAX_LINES_SHOWN = 10
_PLACES = {
    "byte": "第 {0} 字节 byte {0}",
    "cell": "单元格 {0} cell {0}",
    "column": "列 {0} column {0}",
    "line": "第 {0} 行 line {0}",
    "member": "压缩包内 in the archive: {0}",
    "row": "第 {0} 行 row {0}",
    "sheet": "工作表 sheet {0}",
}


def judgement_lines(judgement: Judgement, name: str) -> Iterator[str]:
    """Yield the lines that tell a person how a file was judged."""
    cautions = [each.as_dict() for each in judgement.cautions]
    outline = {
        **judgement.outline,
        "cautions": cautions,
        "provenance": judgement.provenance,
    }
    return _lines(outline, chain(outline["errors"], judgement.errors), name)


def report_lines(report: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield the lines that tell a person what a report says, its cautions included."""
    of_tasks = (each for task in report["tasks"] for each in task["errors"])
    return _lines(report, chain(report["errors"], of_tasks), name)


def _lines(
    report: Mapping[str, Any], errors: Iterable[Mapping[str, Any]], name: str
) -> Iterator[str]:
    counts = report["counts"]
    verdict = "合格 VALID" if report["valid"] else "不合格 INVALID"
    yield f"{verdict}  {name}  {counts['rows']} 行 rows  {counts['errors']} 处错误 errors"
    for understood in report.get("provenance", {}).get("notes", ()):
        yield _INDENT + understood["zh"]
        yield _INDENT + understood["en"]
    header = ["", aligned("行 Line", "行序 Row", "列 Column", "规则 Rule")]
    for error in errors:
        yield from header
        yield from _error_lines(error)
        header = []
    if report["cautions"]:
        yield ""
        yield "提示（不影响合格与否） Cautions (they do not make a file invalid)"
        for each in report["cautions"]:
            yield from _caution_lines(each)
    if report.get("not_run"):
        yield ""
        names = ", ".join(report["not_run"])
        yield f"未执行（平台之外缺少登记信息） Not run outside the platform: {names}"


def flag_lines(flags: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines that tell the sender what the scan of a file raised; no cell values."""
    header = ["", "个人信息和国家秘密标志 Personal data and classification markings"]
    for each in flags:
        yield from header
        yield _counted(each["kind"], each)
        yield _INDENT + each["message"]["zh"]
        yield _INDENT + each["message"]["en"]
        header = []


def refusal_lines(refusal: Refusal) -> Iterator[str]:
    """Yield the lines that tell a person why nothing could be judged."""
    yield f"{refusal.title.zh} {refusal.title.en} [{refusal.code}]"
    yield _INDENT + refusal.detail.zh
    yield _INDENT + refusal.detail.en
    for fault in refusal.faults:
        yield place(fault.pointer)
        if fault.detail != refusal.detail:
            yield _INDENT + fault.detail.zh
            yield _INDENT + fault.detail.en


def place(pointer: str) -> str:
    """Say where a pointer leads, as far as that has a name a clerk knows.

    >>> place("/cell/W6"), place("/sheet/副本~01"), place("/line/2/party_no")
    ('单元格 W6 cell W6', '工作表 sheet 副本~1', '第 2 行 line 2, party_no')
    >>> place("/resources/0/path")
    '/resources/0/path'
    """
    kind, *steps = pointer.removeprefix("/").split("/")
    if kind not in _PLACES or not steps:
        return pointer
    first, *rest = (each.replace("~1", "/").replace("~0", "~") for each in steps)
    return ", ".join((_PLACES[kind].format(first), *rest))


def refusal_body(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as JSON, in the shape of a problem document."""
    return {
        "code": refusal.code,
        "title": refusal.title._asdict(),
        "detail": refusal.detail._asdict(),
        "errors": [
            {"pointer": each.pointer, "detail": each.detail._asdict(), "code": each.code}
            for each in refusal.faults
        ],
    }


def aligned(*cells: str) -> str:
    """Put cells into columns; a Chinese character is as wide as two Latin ones.

    >>> aligned("行", "2", "a", "b") == aligned("12", "2", "a", "b").replace("12", "行")
    True
    """
    padded = [
        cell + " " * max(width - display_width(cell), 1)
        for cell, width in zip(cells, _WIDTHS, strict=False)
    ]
    return "".join([*padded, *cells[len(_WIDTHS) :]]).rstrip()


def display_width(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _error_lines(error: Mapping[str, Any]) -> Iterator[str]:
    title, name = error.get("fieldTitle", ""), error.get("fieldName", "")
    column = name if title in ("", name) else f"{title} {name}"
    yield aligned(
        str(error.get("source_line", "")),
        str(error.get("rowNumber", "")),
        column,
        str(error.get("rule") or error["type"]),
    )
    yield _INDENT + error["messages"]["zh"]
    yield _INDENT + error["messages"]["en"]


def _caution_lines(caution: Mapping[str, Any]) -> Iterator[str]:
    yield _counted(caution["name"] or caution["code"], caution)
    yield _INDENT + caution["message"]["zh"]
    yield _INDENT + caution["message"]["en"]
    answer = caution.get("answer")
    if answer:
        yield _INDENT + f"说明 Answer: {answer['reason']} ({answer['person']})"


def _counted(name: str, found: Mapping[str, Any]) -> str:
    shown = found["lines"][:MAX_LINES_SHOWN]
    lines = ", ".join(map(str, shown)) + (" …" if found["count"] > len(shown) else "")
    return f"{name}  × {found['count']}  行 lines: {lines}"
