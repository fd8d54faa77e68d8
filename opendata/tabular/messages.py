"""Every kind of error in two languages: where it is, which rule, what value, what to do."""

import re
from collections.abc import Mapping
from typing import Any

from opendata.domain.errors import Text
from opendata.tabular.constraints import constraint_text, type_text
from opendata.tabular.rules import BLANK_KEY, RULES, UNKNOWN_RULE

_LONGEST_VALUE = 80
_POSITION = re.compile(r'position "?([0-9]+(?:, [0-9]+)*)"?')
_FORMULA = re.compile(r'conform is "(.*)"$', re.DOTALL)
# A day that lies so many months after that of another column.
_LIMIT = re.compile(r"(<=|>=) (\S+) \((.+) \+ ([0-9]+)\)")

Columns = Mapping[str, Mapping[str, Any]]


def message(
    error: Mapping[str, Any], columns: Columns, line: int | None, about: str | None = None
) -> Text:
    """Return what to tell a person about one error of a Report; it quotes cell values.

    Args:
        error: The error's descriptor.
        columns: The schema's field descriptors by name.
        line: The line of the received file on which the row begins, where there is one.
        about: The description of the contract's rule, which knows better than we what to do.
    """
    rule = RULES.get(error["type"], UNKNOWN_RULE)
    advice = described(about) or rule.advice
    column = columns.get(error.get("fieldName", ""), {})
    words = _words(error, columns)
    if error["type"] == "type-error":
        problem = type_text(column)
    elif error["type"] == "constraint-error":
        problem = constraint_text(str(error.get("note", "")), column)
    elif error["type"] == "primary-key" and not words["position"]:
        problem, advice = BLANK_KEY.problem, BLANK_KEY.advice
    else:
        problem = rule.problem
    where = _where(error, column, line)
    zh, en = _fill(problem.zh, words), _fill(problem.en, words)
    if "released" in error:
        zh += f"其中 {error['released']} 行在本数据集现行的发布版本中。"
        en += f" {error['released']} of the rows are in the dataset's current release."
    return Text(f"{where.zh}：{zh}{advice.zh}", f"{where.en}: {en}{_spaced(advice.en)}")


def kind_message(error: Mapping[str, Any], columns: Columns, about: str | None = None) -> Text:
    """Return what to tell about a whole kind of finding, without any value of a cell."""
    rule = RULES.get(error["type"], UNKNOWN_RULE)
    advice = described(about) or rule.advice
    column = columns.get(error.get("fieldName", ""), {})
    formula = _FORMULA.search(str(error.get("note", "")))
    named = _named(column)
    zh = f"{named.zh}：{rule.title.zh}。" if column else f"{rule.title.zh}。"
    en = f"{named.en}: {rule.title.en}." if column else f"{rule.title.en}."
    if formula and not about:
        return Text(f"{zh}应满足 {formula[1]}。", f"{en} Expected: {formula[1]}.")
    return Text(f"{zh}{advice.zh}", f"{en}{_spaced(advice.en)}")


def named_positions(note: str) -> list[int]:
    """Return the rows, or columns, that a note of Frictionless names.

    >>> named_positions('the same as in the row at position "3, 4"')
    [3, 4]
    """
    found = _POSITION.search(note)
    return [int(each) for each in found[1].split(", ")] if found else []


def described(about: str | None) -> Text | None:
    """Take a rule's description apart: Chinese, a slash between spaces, English."""
    if not about:
        return None
    zh, _, en = about.partition(" / ")
    return Text(zh.strip(), (en or zh).strip())


def _words(error: Mapping[str, Any], columns: Columns) -> dict[str, str]:
    """Return what a template may quote."""
    note = str(error.get("note", ""))
    positions = error.get("same_lines") or named_positions(note)
    formula = _FORMULA.search(note)
    return {
        "value": shortened(str(error.get("cell", ""))),
        "label": shortened(str(error.get("label", ""))),
        "expected": shortened(_titled(str(error.get("expected", "")), columns)),
        **_limit(str(error.get("expected", "")), columns),
        **_figures(error),
        "position": ", ".join(map(str, positions)),
        "formula": formula[1] if formula else "",
        "name": str(error.get("fieldName", "")),
        "note": note,
    }


def _figures(error: Mapping[str, Any]) -> dict[str, str]:
    """Return what an error says of figures, and how it says that they are only rounded."""
    rounded = error.get("comparison") == "within_rounding"
    names = ("relation", "group", "found", "difference")
    return {
        **{name: shortened(str(error.get(name, ""))) for name in names},
        "comparison_zh": "（在四舍五入的误差之内）" if rounded else "",
        "comparison_en": " (within rounding)" if rounded else "",
    }


def _limit(expected: str, columns: Columns) -> dict[str, str]:
    """Return how a day that is a limit is said, and from which column it is counted."""
    found = _LIMIT.fullmatch(expected)
    if found is None:
        return {"limit_zh": expected, "limit_en": expected}
    sign, day, name, months = found.groups()
    title = columns.get(name, {}).get("title") or name
    zh, en = ("不晚于", "no later than") if sign == "<=" else ("不早于", "no earlier than")
    return {
        "limit_zh": f"{zh} {day}（“{title}”之后 {months} 个月）",
        "limit_en": f"{en} {day} ({months} months after {name})",
    }


def _titled(expected: str, columns: Columns) -> str:
    """Put the Chinese title before the column that what is expected begins with."""
    column = columns.get(expected.partition(" ")[0])
    return f"“{column['title']}” {expected}" if column and column.get("title") else expected


def _where(error: Mapping[str, Any], column: Mapping[str, Any], line: int | None) -> Text:
    zh, en = [], []
    if "source_cell" in error:
        # A sheet has names for its cells, which whoever mends it looks for.
        zh.append(f"单元格 {error['source_cell']}")
        en.append(f"Cell {error['source_cell']}")
    elif line is not None:
        zh.append(f"第 {line} 行")
        en.append(f"Line {line}")
    elif "labels" in error:
        zh.append("表头")
        en.append("Header")
    if "fieldNumber" in error and "source_cell" not in error:
        zh.append(f"第 {error['fieldNumber']} 列")
        en.append(f"column {error['fieldNumber']}")
    named = _named(column)
    return Text(
        "".join(zh) + named.zh or "文件",
        " ".join(part for part in (", ".join(en), named.en) if part) or "File",
    )


def _named(column: Mapping[str, Any]) -> Text:
    if not column:
        return Text("", "")
    name, title = column["name"], column.get("title") or column["name"]
    return Text(f"“{title}”（{name}）", f"“{title}” ({name})")


def shortened(text: str) -> str:
    """Return a cell's text as far as a message quotes it."""
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"


def _spaced(advice: str) -> str:
    return f" {advice}" if advice else ""


def _fill(template: str, words: Mapping[str, str]) -> str:
    """Put the words into the template; braces inside a word stay what they are."""
    return re.sub(r"\{([a-z_]+)\}", lambda match: words.get(match[1], match[0]), template)
