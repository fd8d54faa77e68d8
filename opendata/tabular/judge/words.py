"""What is added to every error: where it is in the file as received, and words in two languages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from opendata.tabular.messages import Columns, message, named_positions, shortened

# Characters no table holds (NUL is refused) stand for what differs from error to error.
_CELL = "\0cell\0"
_LINE = -(2**62)
_MOST_TEMPLATES = 4096
# Their notes name the rows that have the same.
_NAMES_OTHERS = frozenset({"rowNumbers", "same_lines"})
_NAMES_ROWS = frozenset({"primary-key", "unique-error", "duplicate-row"})


class Words:
    """Adds to each error its source line, column title, rule, basis and messages."""

    def __init__(
        self,
        columns: Columns,
        rules: Mapping[str, Mapping[str, Any]],
        letters: Sequence[str] = (),
    ) -> None:
        """Speak of ``columns`` (by name) and of the checklist's ``rules`` (see ``rules_of``).

        ``letters`` is what the source calls its columns, where it does.
        """
        self._columns = columns
        self._rules = rules
        self._letters = letters
        self._templates: dict[tuple[Any, ...], dict[str, str]] = {}

    def add(self, error: dict[str, Any], line: int | None) -> dict[str, Any]:
        """Annotate ``error`` in place and return it; ``line`` is where its row begins."""
        if "rowNumber" in error:
            error["source_line"] = line
            if line is not None and 0 < error.get("fieldNumber", 0) <= len(self._letters):
                error["source_cell"] = f"{self._letters[error['fieldNumber'] - 1]}{line}"
        column = self._columns.get(error.get("fieldName", ""))
        if column is not None:
            error["fieldTitle"] = column.get("title") or column["name"]
        rule = self._rules.get(error.get("rule") or error["note"], {})
        for key, said in (("rule", rule.get("name")), ("basis", rule.get("basis"))):
            if said is not None:
                error.setdefault(key, said)
        error["messages"] = self._messages(error, line, rule.get("description"))
        return error

    def _unknown(self, error: Mapping[str, Any]) -> dict[str, str]:
        """Return what stands in a template for what differs from error to error."""
        unknown = {"cell": _CELL}
        if "source_cell" in error:
            unknown["source_cell"] = f"{self._letters[error['fieldNumber'] - 1]}{_LINE}"
        return unknown

    def _messages(
        self, error: Mapping[str, Any], line: int | None, about: str | None
    ) -> dict[str, str]:
        """Fill in a remembered message: thousands of errors differ in row and value only."""
        if line is None or "cell" not in error or _NAMES_OTHERS & error.keys():
            return message(error, self._columns, line, about)._asdict()
        key = (
            error["type"],
            error["note"],
            error["fieldName"],
            error["fieldNumber"],
            error.get("expected"),
            about,
        )
        template = self._templates.get(key)
        if template is None:
            said = message({**error, **self._unknown(error)}, self._columns, _LINE, about)
            template = said._asdict()
            if len(self._templates) < _MOST_TEMPLATES:
                self._templates[key] = template
        cell, at = shortened(error["cell"]), str(line)
        return {
            language: text.replace(str(_LINE), at).replace(_CELL, cell)
            for language, text in template.items()
        }


def locate(error: dict[str, Any], line_of: Callable[[int], int]) -> None:
    """Say of the other rows that an error names on which lines of the file they begin."""
    if "labels" in error:
        return
    if "rowNumbers" in error:
        error["source_lines"] = [line_of(each) for each in error["rowNumbers"]]
    elif error["type"] in _NAMES_ROWS:
        named = named_positions(str(error.get("note", "")))
        if named:
            error["same_lines"] = [line_of(each) for each in named]


def columns_of(table_schema: Mapping[str, Any]) -> Columns:
    """Return the field descriptors of a Table Schema by name."""
    return {each["name"]: each for each in table_schema["fields"]}


def rules_of(checks: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return a checklist's rules by what their errors can be told by.

    Ours carry their rule's name; of a formula there is only the note Frictionless gives.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for each in checks:
        if each["type"] == "row-constraint":
            found[f'the row constraint to conform is "{each["formula"]}"'] = each
        elif "name" in each:
            found[each["name"]] = each
    return found
