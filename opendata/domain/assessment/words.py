"""Words on an assessment: the agency appeals a point, and another supervisor decides and confirms.

Where it stands follows from the words in their order; so do the points that count in the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from opendata.domain.assessment.points import total
from opendata.domain.assessment.schemes import Indicator, Scheme
from opendata.domain.errors import Conflict, Fault, Forbidden, Text, Unprocessable


class Kind(StrEnum):
    """What may be said of an assessment."""

    APPEAL = "appeal"
    UPHOLD = "uphold"
    ADJUST = "adjust"
    CONFIRM = "confirm"


class State(StrEnum):
    """Where an assessment stands."""

    OPEN = "open"
    APPEALED = "appealed"
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> Text:
        """The state's name in both languages."""
        return _LABELS[self]


_LABELS = {
    State.OPEN: Text("待确认", "awaiting confirmation"),
    State.APPEALED: Text("申诉待处理", "appealed, awaiting an answer"),
    State.CONFIRMED: Text("已确认", "confirmed"),
    State.SUPERSEDED: Text("已被重新考核取代", "superseded by another assessment"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One word; an appeal and its answer name an indicator, ``adjust`` the points given instead."""

    kind: Kind
    reason: str
    at: datetime
    indicator: str | None = None
    points: Decimal | None = None
    person_id: UUID | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the words are about: who assessed, when, and what each indicator gave."""

    scheme: Scheme
    assessor: UUID
    assessed_on: date
    points: Mapping[str, Decimal | None]
    words: tuple[Word, ...] = ()
    is_latest: bool = True

    @property
    def open_appeals(self) -> tuple[str, ...]:
        """The indicators whose appeal has no answer yet."""
        return open_appeals(self.words)

    @property
    def state(self) -> State:
        """Where it stands."""
        return state_of(self.words, is_latest=self.is_latest)

    @property
    def appeal_until(self) -> date:
        """The last day, in China, on which the agency may appeal."""
        return self.assessed_on + timedelta(days=self.scheme.appeal_days)

    @property
    def final(self) -> dict[str, Decimal | None]:
        """What each indicator gives in the end."""
        found = dict(self.points)
        for each in self.words:
            if each.kind is Kind.ADJUST and each.indicator is not None:
                found[each.indicator] = each.points
        return found

    @property
    def score(self) -> Decimal:
        """The score in the end."""
        final = self.final
        return total(self.scheme, [(each, final[each.id]) for each in self.scheme.indicators])


class InvalidAssessmentWord(Unprocessable):
    """A word lacks what its kind needs, or has what it must not."""

    code = "invalid-assessment-word"


class AssessmentClosed(Conflict):
    """Nothing can be said any more: it is confirmed, or another one took its place."""

    code = "assessment-closed"


class AppealNotPossible(Conflict):
    """The term is over, the point was appealed before, or there is no appeal to answer."""

    code = "appeal-not-possible"


class AppealsOpen(Conflict):
    """Nothing is confirmed while an appeal waits, or may yet come."""

    code = "appeals-open"


class OwnAssessment(Forbidden):
    """Whoever assessed or appealed does not decide on appeals, nor confirm.

    Whoever assessed, or decided on an appeal, does not appeal for the agency either. And whoever
    has, or had, a key of the agency, or acted for it by any other, does not assess it, decide on
    its appeals or confirm: who registered, prepared, explained, reviewed or approved data for it,
    answered a correction, declared or wrote of its annual report, or recorded an occasion or a
    fulfilment of its obligations.
    """

    code = "own-assessment"


def open_appeals(words: Iterable[Word]) -> tuple[str, ...]:
    """Return the indicators whose appeal has no answer yet, first appeal first."""
    waiting: dict[str, None] = {}
    for each in words:
        if each.indicator is not None and each.kind is Kind.APPEAL:
            waiting[each.indicator] = None
        elif each.indicator is not None:
            waiting.pop(each.indicator, None)
    return tuple(waiting)


def state_of(words: Sequence[Word], *, is_latest: bool) -> State:
    """Say where an assessment stands after its words; ``is_latest``: none took its place."""
    if any(each.kind is Kind.CONFIRM for each in words):
        return State.CONFIRMED
    if not is_latest:
        return State.SUPERSEDED
    return State.APPEALED if open_appeals(words) else State.OPEN


def word_faults(word: Word, scheme: Scheme) -> tuple[Fault, ...]:
    """Return what is wrong with a word by itself."""
    indicator = None if word.indicator is None else scheme.indicator(word.indicator)
    found = [_indicator_fault(word, indicator), _points_fault(word, indicator)]
    return tuple(each for each in found if each is not None)


def check_may_follow(word: Word, assessed: Assessed, today: date) -> None:
    """Raise unless ``word`` may be said now.

    Raises:
        AssessmentClosed: it is confirmed, or was assessed anew.
        OwnAssessment: who assessed or appealed answers an appeal, or confirms, or the reverse.
        AppealNotPossible, AppealsOpen: see there.
    """
    if assessed.state in (State.CONFIRMED, State.SUPERSEDED):
        label = assessed.state.label
        raise AssessmentClosed(f"考核{label.zh}，不再变动。", f"The assessment is {label.en}.")
    if word.kind is Kind.APPEAL:
        _check_appellant(word, assessed)
        _check_appeal(word, assessed, today)
        return
    appealed = {each.person_id for each in assessed.words if each.kind is Kind.APPEAL}
    if word.person_id in {assessed.assessor, *appealed}:
        raise OwnAssessment(
            "申诉的处理和考核的确认须由考核人、申诉人以外的人进行。",
            "Appeals are decided, and an assessment is confirmed, by another person than who "
            "assessed, or appealed.",
        )
    if word.kind is Kind.CONFIRM:
        _check_confirmation(assessed, today)
    elif word.indicator not in assessed.open_appeals:
        raise AppealNotPossible(
            f"指标 {word.indicator} 没有待处理的申诉。",
            f"There is no appeal to answer on {word.indicator}.",
        )


def _check_appellant(word: Word, assessed: Assessed) -> None:
    judged = {each.person_id for each in assessed.words if each.kind is not Kind.APPEAL}
    if word.person_id in {assessed.assessor, *judged}:
        raise OwnAssessment(
            "作出考核或者处理申诉的人，不得代表被考核主体申诉。",
            "Whoever assessed, or decided on an appeal, does not appeal for the agency.",
        )


def _check_appeal(word: Word, assessed: Assessed, today: date) -> None:
    if today > assessed.appeal_until:
        raise AppealNotPossible(
            f"申诉期到 {assessed.appeal_until} 为止，已过。",
            f"The agency could appeal until {assessed.appeal_until}.",
        )
    if any(each.indicator == word.indicator for each in assessed.words):
        raise AppealNotPossible(
            f"指标 {word.indicator} 已申诉过一次。",
            f"The points of {word.indicator} were appealed before.",
        )


def _check_confirmation(assessed: Assessed, today: date) -> None:
    if assessed.open_appeals:
        listed = ", ".join(assessed.open_appeals)
        raise AppealsOpen(
            f"尚有申诉未处理：{listed}。", f"There are appeals without an answer: {listed}."
        )
    if today <= assessed.appeal_until:
        raise AppealsOpen(
            f"申诉期到 {assessed.appeal_until} 为止，其后方可确认。",
            f"The agency may appeal until {assessed.appeal_until}; it is confirmed after that.",
        )


def _indicator_fault(word: Word, indicator: Indicator | None) -> Fault | None:
    if word.kind is Kind.CONFIRM:
        if word.indicator is None:
            return None
        text = Text(
            "confirm 不针对单个指标。", "confirm is about the whole, and names no indicator."
        )
        return Fault("/indicator", text, "misplaced-value")
    if indicator is not None:
        return None
    text = Text("须指明方案中的一个指标。", "An indicator of the scheme has to be named.")
    return Fault("/indicator", text, "indicator-needed")


def _points_fault(word: Word, indicator: Indicator | None) -> Fault | None:
    if word.kind is not Kind.ADJUST:
        if word.points is None:
            return None
        text = Text("只有 adjust 写明得分。", "Only adjust names points.")
        return Fault("/points", text, "misplaced-value")
    most = Decimal(100) if indicator is None else indicator.weight
    if word.points is not None and 0 <= word.points <= most and _is_of_cents(word.points):
        return None
    text = Text(
        f"adjust 须写明 0–{most} 的得分，小数至多两位。",
        f"adjust names the points, 0 to {most}, with at most two decimal places.",
    )
    return Fault("/points", text, "points-needed")


def _is_of_cents(points: Decimal) -> bool:
    return points == points.quantize(Decimal("0.01"))
