"""TOML tables read strictly: what is wrong is collected, located, in both languages."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from opendata.domain.errors import Fault, Text
from opendata.domain.queries.faults import suggestion

_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
Choice = TypeVar("Choice", bound=StrEnum)


class Table:
    """One table of a file, at ``pointer`` (RFC 6901) in it; ``faults`` are the whole file's.

    What cannot be read is noted, and something harmless is returned in its place.
    """

    def __init__(self, raw: Mapping[str, Any], pointer: str, faults: list[Fault]) -> None:
        """Begin to read."""
        self.raw = raw
        self.pointer = pointer
        self.faults = faults
        self._asked: set[str] = set()

    def note(self, name: str, zh: str, en: str, code: str = "invalid-value") -> None:
        """Note what is wrong with a key."""
        pointer = f"{self.pointer}/{name}" if name else self.pointer or "/"
        place = pointer.removeprefix("/") or "文件"
        self.faults.append(Fault(pointer, Text(f"{place}：{zh}", f"{pointer}: {en}"), code))

    def has(self, name: str) -> bool:
        """Whether a key is there."""
        self._asked.add(name)
        return name in self.raw

    def text(self, name: str, most: int = 500) -> str:
        """Read a text of 1 to ``most`` characters."""
        value = self._given(name)
        if isinstance(value, str) and value.strip() and len(value) <= most:
            return value
        self._expected(name, Text(f"1–{most} 个字符的文字", f"a text of 1 to {most} characters"))
        return "-"

    def both(self, name: str, most: int = 500) -> Text:
        """Read a text in both languages: ``name`` and ``name_en``."""
        return Text(self.text(name, most), self.text(f"{name}_en", most))

    def slug(self, name: str, most: int = 100) -> str:
        """Read an identifier."""
        value = self._given(name)
        if isinstance(value, str) and len(value) <= most and _SLUG.fullmatch(value):
            return value
        zh = f"至多 {most} 个小写字母、数字和连字符"
        self._expected(name, Text(zh, f"at most {most} of a-z, 0-9 and hyphens"))
        return "-"

    def number(self, name: str, least: int, most: int) -> Decimal:
        """Read a number, with at most four digits behind the point."""
        value = self._given(name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and least <= number <= most and _places(number) <= 4:
                return number
        zh, en = f"{least}–{most} 的数，小数至多四位", f"a number, {least} to {most}, four places"
        self._expected(name, Text(zh, en))
        return Decimal(least)

    def integer(self, name: str, least: int, most: int) -> int:
        """Read a whole number."""
        value = self._given(name)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self._expected(name, Text(f"{least}–{most} 的整数", f"an integer, {least} to {most}"))
        return least

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        """Read one of a list of words; ``None`` where it is none of them."""
        value = self._given(name)
        words = [each.value for each in kind]
        if isinstance(value, str) and value in words:
            return kind(value)
        listed = ", ".join(words)
        near = suggestion(value, words) if isinstance(value, str) else Text("。", ".")
        self.note(name, f"应为以下之一：{listed}{near.zh}", f"expected one of {listed}{near.en}")
        return None

    def table(self, name: str) -> "Table":
        """Read a table inside."""
        value = self._given(name)
        if not isinstance(value, dict):
            self._expected(name, Text("一个表", "a table"))
            value = {}
        return Table(value, f"{self.pointer}/{name}", self.faults)

    def tables(self, name: str, most: int = 100) -> list["Table"]:
        """Read one table or more of the same kind."""
        value = self._given(name)
        is_list = isinstance(value, list) and all(isinstance(each, dict) for each in value)
        if not is_list or not 0 < len(value) <= most:
            self._expected(name, Text(f"1–{most} 个表", f"1 to {most} tables"))
            return []
        return [
            Table(each, f"{self.pointer}/{name}/{at}", self.faults) for at, each in enumerate(value)
        ]

    def finish(self) -> None:
        """Note the keys that nobody asked for."""
        for name in self.raw:
            if name not in self._asked:
                near = suggestion(name, self._asked)
                self.note(
                    name, f"没有这个键{near.zh}", f"there is no such key{near.en}", "unknown-key"
                )

    def _given(self, name: str) -> Any:
        self._asked.add(name)
        return self.raw.get(name)

    def _expected(self, name: str, what: Text) -> None:
        if name in self.raw:
            self.note(name, f"应为{what.zh}。", f"expected {what.en}.")
        else:
            self.note(name, f"缺少：{what.zh}。", f"missing: {what.en}.", "missing-key")


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
