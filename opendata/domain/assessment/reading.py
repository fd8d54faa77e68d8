"""Reading a scheme from TOML: every fault of the file at once, each where it stands."""

import hashlib
import re
import tomllib
from collections.abc import Sequence
from decimal import Decimal

from opendata.domain.assessment.measures import Measure, Unit
from opendata.domain.assessment.schemes import (
    Deduct,
    Grade,
    Group,
    Indicator,
    Linear,
    Nothing,
    Scheme,
    Scoring,
    Steps,
)
from opendata.domain.assessment.tables import Table
from opendata.domain.errors import Fault, Text, Unprocessable

MAX_BYTES = 256 * 1024
# What all weights come to, so that a score is out of a hundred.
WHOLE = 100
_SCORINGS = ("steps", "linear", "deduct")
_AT = re.compile(r"at line ([0-9]+), column ([0-9]+)")


class UnusableScheme(Unprocessable):
    """A scheme cannot be assessed by; ``faults`` say where and why."""

    code = "unusable-scheme"
    title = Text("考核方案不可用", "The scheme cannot be used")

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Say everything that is wrong."""
        zh = "".join(each.detail.zh for each in faults)
        super().__init__(zh, " ".join(each.detail.en for each in faults), tuple(faults))


def read_scheme(content: bytes) -> Scheme:
    """Read a scheme.

    Raises:
        UnusableScheme: with every fault, each at its key (a JSON Pointer into the file), or, of
            what is no TOML, the line.
    """
    faults: list[Fault] = []
    top = Table(_parsed(content), "", faults)
    scheme = Scheme(
        id=top.slug("id"),
        title=top.both("title", 200),
        description=top.both("description", 2000),
        basis=top.text("basis", 1000),
        appeal_days=top.integer("appeal_days", 0, 365),
        groups=tuple(_group(each) for each in top.tables("group")),
        indicators=tuple(_indicator(each) for each in top.tables("indicator")),
        grades=tuple(_grade(each) for each in top.tables("grade", 20)),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    top.finish()
    _check_whole(top, scheme)
    if faults:
        raise UnusableScheme(faults)
    return scheme


def _parsed(content: bytes) -> dict[str, object]:
    if len(content) > MAX_BYTES:
        raise _unread("/", f"超过 {MAX_BYTES} 字节。", f"It is over {MAX_BYTES} bytes.")
    try:
        return tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _unread(
            f"/line/{line}", f"第 {line} 行不是 UTF-8。", f"Line {line} is not UTF-8."
        ) from error
    except (tomllib.TOMLDecodeError, ArithmeticError, RecursionError) as error:
        found = _AT.search(str(error))
        pointer = f"/line/{found[1]}" if found else "/"
        zh = f"第 {found[1]} 行第 {found[2]} 列" if found else ""
        raise _unread(pointer, f"{zh}不是 TOML：{error}。", f"This is no TOML: {error}.") from error


def _unread(pointer: str, zh: str, en: str) -> UnusableScheme:
    return UnusableScheme([Fault(pointer, Text(zh, en), "not-toml")])


def _group(table: Table) -> Group:
    found = Group(table.slug("id"), table.both("title", 200))
    table.finish()
    return found


def _grade(table: Table) -> Grade:
    found = Grade(table.slug("id", 40), table.both("title", 40), table.number("at_least", 0, WHOLE))
    table.finish()
    return found


def _indicator(table: Table) -> Indicator:
    measure = table.choice("measure", Measure)
    days = table.integer("working_days", 1, 365) if table.has("working_days") else None
    weight = table.number("weight", 0, WHOLE)
    found = Indicator(
        id=table.slug("id"),
        group=table.slug("group"),
        title=table.both("title", 300),
        measure=measure or Measure.OBLIGATIONS_MET,
        weight=weight,
        scoring=_scoring(table, weight, measure),
        nothing=table.choice("nothing", Nothing) or Nothing.FULL,
        working_days=days,
    )
    if measure is not None and measure.needs_days is not (days is not None):
        table.note(
            "working_days",
            f"须且只须在 {Measure.CORRECTIONS_IN_TIME} 中写明工作日数。",
            f"it belongs to {Measure.CORRECTIONS_IN_TIME}, which needs it, and to no other.",
        )
    if not weight:
        table.note("weight", "须大于 0。", "it has to be above 0.")
    table.finish()
    return found


def _scoring(table: Table, weight: Decimal, measure: Measure | None) -> Scoring:
    given = [each for each in _SCORINGS if table.has(each)]
    if len(given) != 1:
        listed = ", ".join(_SCORINGS)
        zh = f"须写明 {listed} 之一，且只写一个。"
        table.note("", zh, f"exactly one of {listed} says how points are given.", "missing-key")
        return Deduct(Decimal(0))
    if given == ["steps"]:
        return _steps(table, weight)
    if given == ["linear"]:
        return _linear(table.table("linear"), measure)
    found = table.table("deduct")
    each = found.number("each", 0, WHOLE)
    free = found.integer("free", 0, 1_000_000) if found.has("free") else 0
    if measure is not None and measure.unit is not Unit.COUNT:
        found.note(
            "", f"{measure} 不是计数，不能逐件扣分。", f"{measure} is no count to deduct for."
        )
    found.finish()
    return Deduct(each, free)


def _linear(table: Table, measure: Measure | None) -> Linear:
    most = 1 if measure is not None and measure.unit is not Unit.COUNT else 1_000_000
    found = Linear(table.number("zero", 0, most), table.number("full", 0, most))
    if found.zero == found.full:
        table.note("full", "须与 zero 不同。", "it has to differ from zero.")
    table.finish()
    return found


def _steps(table: Table, weight: Decimal) -> Steps:
    """Read thresholds; they are all of one direction, each for fewer points than the one before."""
    steps = table.tables("steps", 20)
    rising = all("at_least" in each.raw for each in steps)
    name = "at_least" if rising else "at_most"
    thresholds: list[tuple[Decimal, Decimal]] = []
    for each in steps:
        threshold, points = each.number(name, 0, 1_000_000), each.number("points", 0, WHOLE)
        if points > weight:
            each.note("points", f"超过权重 {weight}。", f"it is above the weight {weight}.")
        if thresholds and not _follows((threshold, points), thresholds[-1], rising=rising):
            each.note(
                name,
                "各档须由高分到低分，门槛依次放宽。",
                "steps go from most points to fewest, each easier to reach than the one before.",
            )
        each.finish()
        thresholds.append((threshold, points))
    return Steps(rising, tuple(thresholds))


def _follows(
    step: tuple[Decimal, Decimal], before: tuple[Decimal, Decimal], *, rising: bool
) -> bool:
    """Whether a step gives less than the one before, and is easier to reach."""
    is_easier = step[0] < before[0] if rising else step[0] > before[0]
    return is_easier and step[1] < before[1]


def _check_whole(top: Table, scheme: Scheme) -> None:
    """Note what concerns several tables."""
    _check_unique(top, "group", [each.id for each in scheme.groups])
    _check_unique(top, "indicator", [each.id for each in scheme.indicators])
    _check_unique(top, "grade", [each.id for each in scheme.grades])
    groups = {each.id for each in scheme.groups}
    for at, each in enumerate(scheme.indicators):
        if each.group not in groups:
            top.note(f"indicator/{at}/group", f"没有组 {each.group}。", f"no group {each.group}.")
    weights = sum(each.weight for each in scheme.indicators)
    if scheme.indicators and weights != WHOLE:
        top.note("indicator", f"各权重合计 {weights}，应为 {WHOLE}。",
                 f"the weights come to {weights}, not to {WHOLE}.", "weights")  # fmt: skip
    floors = [each.at_least for each in scheme.grades]
    if floors and (floors != sorted(set(floors), reverse=True) or floors[-1] != 0):
        top.note("grade", "等次须由高到低，最后一个 at_least 为 0。",
                 "grades go from the best down, and the last one's at_least is 0.")  # fmt: skip


def _check_unique(top: Table, name: str, ids: Sequence[str]) -> None:
    for at, each in enumerate(ids):
        if each in ids[:at]:
            top.note(f"{name}/{at}/id", f"{each} 已有。", f"{each} is there already.")
