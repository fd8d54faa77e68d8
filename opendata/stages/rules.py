"""Rules: what an operator says of the calendar and of shorter terms, over what is announced.

Regional holidays and emergencies are in no announcement of the State Council, and what an agency
promised its public is in no law. The file says both, each with where it is from.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from opendata.domain.deadlines import (
    Due,
    LocalRule,
    NoSuchRule,
    check_named,
    due,
    find_loosened,
    find_others,
    rule_on,
)
from opendata.domain.errors import Fault, Text, Unprocessable
from opendata.domain.working_days import Calendar
from opendata.stages.holidays import announced


class UnusableRules(Unprocessable):
    """The operator's file of rules cannot be used as it is."""

    code = "unusable-rules"
    title = Text("本地规则文件不能使用", "The file of local rules cannot be used")


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day on which some regions work, or do not; ``region`` begins their codes."""

    region: str
    day: date
    working: bool
    source: str


# Compared by identity: it is part of what is looked up a hundred thousand times.
@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What is said of days and terms; without a file, nothing but the law and the announcements.

    ``roll_dates``: a day of the year that the law names, and that is a day off, is taken for the
    next working day.
    """

    holidays: tuple[Holiday, ...] = ()
    local_rules: tuple[LocalRule, ...] = ()
    roll_dates: bool = False

    def calendar(self, region: str | None) -> Calendar:
        """Return the days worked in a region, by its six digits."""
        return _calendar(tuple(each for each in self.holidays if _holds(each.region, region)))

    def binding(self, agency: str | None, region: str | None) -> tuple[LocalRule, ...]:
        """Return the local rules that an agency in a region is bound by, of whatever day."""
        return tuple(each for each in self.local_rules if each.holds_for(agency, region))

    def local(
        self, rule: str, agency: str | None, region: str | None, trigger: date
    ) -> tuple[LocalRule, ...]:
        """Return the local rules that shorten a rule's terms which run from a day."""
        meant = rule_on(rule, trigger)
        return tuple(
            each
            for each in self.binding(agency, region)
            if each.speaks_of(meant) and each.is_in_force(trigger)
        )

    def due(
        self, rule: str, trigger: date, agency: str | None = None, region: str | None = None
    ) -> Due:
        """Return by when something is due for an agency; asked for often, computed once.

        Raises:
            NoSuchRule: there is no such rule, or none was in force on that day.
        """
        calendar, binding = _place(self, agency, region)
        return _due(rule, trigger, calendar, binding, self.roll_dates)


def load_rules(path: Path | None) -> Rules:
    """Read the operator's file; without one there are no rules of theirs.

    Raises:
        UnusableRules: with every fault found, each naming its place in the file.
    """
    if path is None:
        return Rules()
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise UnusableRules(
            f"本地规则文件 {path.name} 读不出来：{said}",
            f"The file of local rules {path.name} cannot be read: {said}",
        ) from error
    return _Reading(path.name).rules(body)


@lru_cache(maxsize=256)
def _calendar(holidays: tuple[Holiday, ...]) -> Calendar:
    return announced().changed({each.day: each.working for each in holidays})


@lru_cache(maxsize=4096)
def _place(
    rules: Rules, agency: str | None, region: str | None
) -> tuple[Calendar, tuple[LocalRule, ...]]:
    return rules.calendar(region), rules.binding(agency, region)


@lru_cache(maxsize=65536)
def _due(
    rule: str,
    trigger: date,
    calendar: Calendar,
    binding: tuple[LocalRule, ...],
    roll_dates: bool,
) -> Due:
    return due(rule_on(rule, trigger), trigger, calendar, binding, roll_dates=roll_dates)


def _holds(prefix: str, region: str | None) -> bool:
    return not prefix or (region is not None and region.startswith(prefix))


_HOLIDAY = {"region_prefix": str, "date": date, "until": date, "working": bool, "source": str}
_RULE = {
    "rule": str,
    "count": int,
    "agency": str,
    "region_prefix": str,
    "basis": str,
    "since": date,
    "until": date,
}
_NEEDED = {"holiday": ("date", "working", "source"), "rule": ("rule", "count", "basis")}
_KINDS = {
    str: Text("文字", "text"),
    date: Text("日期，如 2026-04-19，不加引号", "a date such as 2026-04-19, without quotes"),
    bool: Text(" true 或 false", "true or false"),
    int: Text("整数", "a whole number"),
}
_LONGEST_SPAN_DAYS = 366
_PREFIX = re.compile("[0-9]{0,6}")


class _Reading:
    """The file, read table by table; all of its faults are told at once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._faults: list[Fault] = []

    def rules(self, body: Mapping[str, Any]) -> Rules:
        """Return what the file says.

        Raises:
            UnusableRules: something in it cannot be used.
        """
        for key in sorted(set(body) - {"holiday", "rule", "roll_dates"}):
            self._fault(key, "不认识的项", "unknown key")
        if not isinstance(body.get("roll_dates", False), bool):
            self._fault("roll_dates", "应为 true 或 false", "must be true or false")
        holidays = [
            each
            for where, table in self._tables(body, "holiday", _HOLIDAY)
            for each in self._days(where, table)
        ]
        local = [self._local(where, table) for where, table in self._tables(body, "rule", _RULE)]
        if self._faults:
            raise self._refusal()
        return Rules(tuple(holidays), tuple(local), body.get("roll_dates", False))

    def _tables(
        self, body: Mapping[str, Any], key: str, kinds: Mapping[str, type]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the tables under a key that have what they need, with their places."""
        tables = body.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            self._fault(key, f"应写作 [[{key}]]", f"must be written [[{key}]]")
            return
        for number, table in enumerate(tables, start=1):
            where, before = f"{key}.{number}", len(self._faults)
            for name in sorted(set(table) - set(kinds)):
                self._fault(f"{where}.{name}", "不认识的项", "unknown key")
            for name in _NEEDED[key]:
                if name not in table:
                    self._fault(f"{where}.{name}", "缺少此项", "is missing")
            for name in sorted(set(table) & set(kinds)):
                self._check_value(f"{where}.{name}", table[name], kinds[name])
            self._check_prefix(f"{where}.region_prefix", table.get("region_prefix", ""))
            if len(self._faults) == before:
                yield where, table

    def _check_value(self, where: str, value: object, kind: type) -> None:
        # A boolean is an integer to Python and an instant is a date; here they are not.
        if type(value) is not kind or value == "":
            zh, en = _KINDS[kind]
            self._fault(where, f"应为{zh}", f"must be {en}")

    def _check_prefix(self, where: str, prefix: object) -> None:
        if not isinstance(prefix, str) or _PREFIX.fullmatch(prefix) is None:
            self._fault(
                where,
                "应为行政区划代码的前几位，如 45、4503",
                "must be the first digits of a region's code, such as 45 or 4503",
            )

    def _days(self, where: str, table: Mapping[str, Any]) -> Iterator[Holiday]:
        first, last = table["date"], table.get("until", table["date"])
        length = (last - first).days
        if not 0 <= length <= _LONGEST_SPAN_DAYS:
            self._fault(f"{where}.until", "应在 date 之后一年以内", "must be within a year of date")
            return
        for n in range(length + 1):
            day = first + timedelta(days=n)
            yield Holiday(table.get("region_prefix", ""), day, table["working"], table["source"])

    def _local(self, where: str, table: Mapping[str, Any]) -> LocalRule:
        region = table.get("region_prefix") or None
        said = LocalRule(
            table["rule"], table["count"], table.get("agency"), region, table["basis"],
            table.get("since"), table.get("until"),
        )  # fmt: skip
        if said.count < 1:
            self._fault(f"{where}.count", "至少为 1", "must be at least 1")
        if said.since and said.until and said.until < said.since:
            self._fault(f"{where}.until", "早于 since", "is before since")
        try:
            check_named(said.rule)
        except NoSuchRule as refusal:
            self._fault(f"{where}.rule", *refusal.detail)
            return said
        others = find_others(said)
        if others is not None:
            self._fault(
                f"{where}.rule",
                f"{others.id} 是他人或公众的期限（{others.title.zh}），不能缩短",
                f"{others.id} is a term of others ({others.title.en}): it is not to be shortened",
            )
        loosened = find_loosened(said)
        if loosened is not None:
            self._fault(
                f"{where}.count",
                f"只能比法定期限更短：{loosened.id} 为“{loosened.term.zh}”（{loosened.basis}）",
                f"may only be shorter than the law: {loosened.id} is {loosened.term.en} "
                f"({loosened.basis})",
            )
        return said

    def _fault(self, where: str, zh: str, en: str) -> None:
        pointer = f"{self._name}#{where}"
        self._faults.append(Fault(pointer, Text(zh, en), UnusableRules.code))

    def _refusal(self) -> UnusableRules:
        first, more = self._faults[0], len(self._faults) - 1
        return UnusableRules(
            f"{first.pointer}：{first.detail.zh}" + (f"（另有 {more} 处问题）" if more else ""),
            f"{first.pointer}: {first.detail.en}" + (f" (and {more} more)" if more else ""),
            tuple(self._faults),
        )
