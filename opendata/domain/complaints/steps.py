"""One step of the procedure: its structured values, and what each kind of step has to have.

Free text, and whoever is named, is no part of a step: that is sealed apart from it (``Words``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self, TypeVar

from opendata.domain.complaints.grounds import Ground
from opendata.domain.complaints.measures import Gravity, Measure, Target
from opendata.domain.complaints.procedure import RESULTS, Kind, Result, Token
from opendata.domain.errors import Fault, Text
from opendata.domain.responsibility import Share

E = TypeVar("E", bound=StrEnum)


class Party(StrEnum):
    """Whom a step concerns: who is heard or told, who asks, or to whom a case is handed."""

    BODY = "body"
    PERSON = "person"
    REPORTER = "reporter"
    DISCIPLINE = "discipline"
    JUDICIARY = "judiciary"
    AUTHORITY = "authority"


PARTIES: Mapping[Kind, tuple[Party, ...]] = {
    Kind.HEARD: (Party.BODY, Party.PERSON),
    Kind.NOTIFIED: (Party.BODY, Party.PERSON, Party.REPORTER),
    Kind.REVIEW_ASKED: (Party.BODY, Party.PERSON),
    Kind.TRANSFERRED: (Party.DISCIPLINE, Party.JUDICIARY, Party.AUTHORITY),
}


class Manner(StrEnum):
    """How somebody was heard; ``WAIVED``: they were asked, and did not want to be."""

    ORAL = "oral"
    WRITTEN = "written"
    WAIVED = "waived"


class Part(StrEnum):
    """What somebody who is held answerable did about a release, or is in the body.

    The first five are the parts of ``responsibility``; the last two (直接负责的主管人员、
    其他直接责任人员) are for cases that are about no release.
    """

    AUTHOR = "author"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    APPROVER = "approver"
    MEMBER = "member"
    IN_CHARGE = "in_charge"
    RESPONSIBLE = "responsible"


@dataclass(frozen=True, slots=True)
class Held:
    """One person who is held answerable, by their part; the name is among the words."""

    part: Part
    share: Share
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step, on a day in China; what its kind does not have is ``None`` or empty."""

    kind: Kind
    on: date
    result: Result | None = None
    party: Party | None = None
    manner: Manner | None = None
    grounds: tuple[Ground, ...] = ()
    gravity: Gravity | None = None
    body: tuple[Measure, ...] = ()
    persons: tuple[Held, ...] = ()
    departs: bool = False
    rule: str | None = None
    due_on: date | None = None
    dataset: str | None = None
    release: int | None = None

    @property
    def token(self) -> Token:
        """The step as the table knows it."""
        return Token(self.kind, self.result)

    @property
    def details(self) -> dict[str, Any]:
        """What is kept of it beside kind and day: JSON, without what it does not have."""
        found = {each.name: getattr(self, each.name) for each in fields(self)[2:]}
        found["persons"] = [
            {"part": each.part, "share": each.share, "measures": list(each.measures)}
            for each in self.persons
        ]
        found["due_on"] = self.due_on and self.due_on.isoformat()
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in found.items()
            if value
        }

    @classmethod
    def of(cls, kind: str, on: date, details: Mapping[str, Any]) -> Self:
        """Read a step as it is kept."""
        due_on = details.get("due_on")
        return cls(
            kind=Kind(kind),
            on=on,
            result=_read(Result, details.get("result")),
            party=_read(Party, details.get("party")),
            manner=_read(Manner, details.get("manner")),
            grounds=tuple(map(Ground, details.get("grounds", ()))),
            gravity=_read(Gravity, details.get("gravity")),
            body=tuple(map(Measure, details.get("body", ()))),
            persons=tuple(
                Held(
                    Part(each["part"]), Share(each["share"]), tuple(map(Measure, each["measures"]))
                )
                for each in details.get("persons", ())
            ),
            departs=bool(details.get("departs")),
            rule=details.get("rule"),
            due_on=date.fromisoformat(due_on) if due_on else None,
            dataset=details.get("dataset"),
            release=details.get("release"),
        )


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with a step; sealed, and never in a table, a log or a public answer.

    ``names`` are those of ``Step.persons``, one each; ``departure`` says why a decision is not
    what the facts or the ladder lead to; ``reference`` is a document's number; ``url`` a proof.
    """

    text: str = ""
    names: tuple[str, ...] = ()
    departure: str = ""
    reference: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """Which values a kind of step has to have, and which it may have besides."""

    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()


def _form(needs: str = "", may: str = "") -> _Form:
    return _Form(frozenset(needs.split()), frozenset(may.split()))


_TAKEN = "body persons names departure reference"
_FORMS: Mapping[Kind, _Form] = {
    Kind.REPORTER_NAMED: _form(),
    Kind.SUPPLEMENTED: _form("text"),
    Kind.PRELIMINARY_CHECK: _form("result text"),
    Kind.ANSWER_ASKED: _form("text", "due_on reference"),
    Kind.ANSWERED: _form("text", "reference"),
    Kind.FINDING: _form("result text", "grounds gravity"),
    Kind.HEARD: _form("party manner text"),
    Kind.DECIDED: _form("text", _TAKEN),
    Kind.DISMISSED: _form("text", "reference"),
    Kind.NOTIFIED: _form("party text", "reference"),
    Kind.REVIEW_ASKED: _form("party text", "reference"),
    Kind.REVIEWED: _form("result text", _TAKEN),
    Kind.RECTIFICATION_ORDERED: _form("text", "rule due_on reference"),
    Kind.RECTIFIED: _form("text", "dataset release url reference"),
    Kind.RECTIFICATION_CHECKED: _form("result text"),
    Kind.TRANSFERRED: _form("party text", "reference"),
    Kind.CLOSED: _form(may="text"),
}
_VALUES = (
    "result", "party", "manner", "grounds", "gravity", "body", "persons", "rule", "due_on",
    "dataset", "release",
)  # fmt: skip
_SAID = ("text", "names", "departure", "reference", "url")


def step_faults(step: Step, words: Words) -> tuple[Fault, ...]:
    """Return what is wrong in a step by itself, whatever was before it."""
    if words.url and not words.url.startswith(("https://", "http://")):
        text = Text("网址须以 https:// 或 http:// 开头。", "An address begins with https://.")
        return (Fault("/url", text, "unfit-value"),)
    form = _FORMS[step.kind]
    given = {name for name in _VALUES if getattr(step, name)}
    given |= {name for name in _SAID if _says(getattr(words, name))}
    faults = [_fault_of_need(name, step.kind) for name in sorted(form.needs - given)]
    odd = given - form.needs - form.may - {"names"}
    faults += [_fault_of_surplus(name, step.kind) for name in sorted(odd)]
    # Values that are missing or misplaced are told first: what goes together follows from them.
    return tuple(faults if faults else _faults_of_values(step))


def _says(value: str | Sequence[str]) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


def _faults_of_values(step: Step) -> Iterator[Fault]:
    """Yield what does not go together among the values that a kind may have."""
    if step.result is not None and step.result not in RESULTS[step.kind]:
        yield _not_among("/result", RESULTS[step.kind])
    if step.party is not None and step.party not in PARTIES[step.kind]:
        yield _not_among("/party", PARTIES[step.kind])
    yield from _repeated("/grounds", step.grounds)
    if step.kind is Kind.FINDING:
        yield from _faults_of_finding(step)
    if step.kind is Kind.RECTIFICATION_ORDERED and bool(step.rule) is bool(step.due_on):
        text = Text(
            "请写明期限规则（rule）或者整改截止日（due_on），二者择一。",
            "Say by which rule, or by which day (due_on) it is due: one of the two.",
        )
        yield Fault("/due_on", text, "value-needed")
    if step.due_on is not None and step.due_on < step.on:
        text = Text(f"不能早于 {step.on}。", f"Not before {step.on}.")
        yield Fault("/due_on", text, "unfit-value")
    if step.kind is Kind.RECTIFIED and bool(step.dataset) is not bool(step.release):
        text = Text("数据集与版本须一并写明。", "A dataset and its release go together.")
        yield Fault("/release", text, "value-needed")
    taken = step.kind is Kind.DECIDED or step.result is Result.CHANGED
    if taken or step.body or step.persons:
        yield from _faults_of_measures(step, taken=taken)


def _faults_of_finding(step: Step) -> Iterator[Fault]:
    wanted = step.result is not Result.UNSUBSTANTIATED
    for name, value in (("grounds", step.grounds), ("gravity", step.gravity)):
        if bool(value) is not wanted:
            make = _fault_of_need if wanted else _fault_of_surplus
            yield make(name, step.kind)


def _faults_of_measures(step: Step, *, taken: bool) -> Iterator[Fault]:
    if not taken:
        yield _fault_of_surplus("body" if step.body else "persons", step.kind)
    elif not step.body and not any(each.measures for each in step.persons):
        text = Text("请写明至少一项处理措施。", "Name at least one measure.")
        yield Fault("/body", text, "measure-needed")
    given = [("/body", step.body, Target.BODY)]
    for index, each in enumerate(step.persons):
        given.append((f"/persons/{index}/measures", each.measures, Target.PERSON))
    for pointer, measures, target in given:
        yield from _repeated(pointer, measures)
        yield from _unfit(pointer, measures, target)


def _repeated(pointer: str, values: Sequence[Ground | Measure]) -> Iterator[Fault]:
    for each in sorted({each for each in values if values.count(each) > 1}):
        text = Text(f"“{each.label.zh}”只写一次。", f"Name {each} once.")
        yield Fault(pointer, text, "repeated-value")


def _unfit(pointer: str, measures: Sequence[Measure], target: Target) -> Iterator[Fault]:
    for each in measures:
        if target not in each.targets:
            text = Text(
                f"“{each.label.zh}”不能对{target.label.zh}作出。",
                f"“{each.label.en}” is no measure against {target.label.en}.",
            )
            yield Fault(pointer, text, "unfit-measure")


def _fault_of_need(name: str, kind: Kind) -> Fault:
    text = Text(f"“{kind.label.zh}”须写明 {name}。", f"{kind} needs {name}.")
    return Fault(f"/{name}", text, "value-needed")


def _fault_of_surplus(name: str, kind: Kind) -> Fault:
    text = Text(f"“{kind.label.zh}”不写 {name}。", f"{kind} has no {name} here.")
    return Fault(f"/{name}", text, "misplaced-value")


def _not_among(pointer: str, known: Sequence[StrEnum]) -> Fault:
    names = "、".join(known)
    return Fault(
        pointer, Text(f"此处只能是：{names}。", f"One of: {', '.join(known)}."), "unfit-value"
    )


def _read(kind: type[E], value: str | None) -> E | None:
    return None if value is None else kind(value)
