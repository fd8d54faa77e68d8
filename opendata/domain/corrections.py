"""Corrections: somebody says that a record is wrong, and the agency answers for it.

《政府信息公开条例》第四十一条: what is not accurate is corrected; what another body is to correct
is passed on to it, or the person is told whom to ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from opendata.domain.errors import Conflict, Fault, NotFound, Text, Unprocessable


class Kind(StrEnum):
    """What the agency may say of a correction: whether it is shown, and what comes of it."""

    SHOW = "show"
    HIDE = "hide"
    REFUSE = "refuse"
    TRANSFER = "transfer"
    CORRECT = "correct"

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer, not a word on who may read what was reported."""
        return self in _LEADS_TO


class State(StrEnum):
    """Where a correction stands; whether it is shown is another matter."""

    RECEIVED = "received"
    OPEN = "open"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    CORRECTED = "corrected"

    @property
    def label(self) -> Text:
        """The state's name in both languages."""
        return _LABELS[self]


_LABELS = {
    State.RECEIVED: Text("待处理", "received"),
    State.OPEN: Text("待答复", "awaiting an answer"),
    State.REFUSED: Text("不予更正", "refused"),
    State.TRANSFERRED: Text("已转送", "transferred"),
    State.CORRECTED: Text("已更正", "corrected"),
}
_LEADS_TO: Mapping[Kind, State] = {
    Kind.REFUSE: State.REFUSED,
    Kind.TRANSFER: State.TRANSFERRED,
    Kind.CORRECT: State.CORRECTED,
}
# What may be answered where a correction stands: whoever refused may still see reason, and what
# was passed on may come back corrected. What is corrected is done: a new fault is a new report.
ANSWERS: Mapping[State, frozenset[Kind]] = {
    State.RECEIVED: frozenset(),
    State.OPEN: frozenset({Kind.REFUSE, Kind.TRANSFER, Kind.CORRECT}),
    State.REFUSED: frozenset({Kind.TRANSFER, Kind.CORRECT}),
    State.TRANSFERRED: frozenset({Kind.REFUSE, Kind.CORRECT}),
    State.CORRECTED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the agency; ``release`` and ``transferred_to`` belong to their kinds alone."""

    kind: Kind
    reason: str
    at: datetime
    release: int | None = None
    transferred_to: str | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What follows from the words: where it stands, whether it is shown, and the answers."""

    state: State
    shown: bool
    answers: tuple[Word, ...]
    # The last word on whether it is shown, while it is not.
    hidden: Word | None


class NoSuchCorrection(NotFound):
    """Nothing was reported under this id or tracking code."""

    code = "no-such-correction"


class InvalidCorrection(Unprocessable):
    """A fault cannot be reported so: nothing is said, or of no field that there is."""

    code = "invalid-correction"


class InvalidWord(Unprocessable):
    """A word lacks what its kind needs, has what it may not, or names no correcting release."""

    code = "invalid-word"


class NotModerated(Conflict):
    """Nobody has said yet whether the correction may be shown."""

    code = "not-moderated"


class AlreadyAnswered(Conflict):
    """The word changes nothing, or comes after the last one there can be."""

    code = "already-answered"


def status_of(words: Sequence[Word]) -> Status:
    """Say where a correction stands after these words, in their order."""
    answers = tuple(each for each in words if each.kind.is_answer)
    said = [each for each in words if not each.kind.is_answer]
    state = State.OPEN if said else State.RECEIVED
    if answers:
        state = _LEADS_TO[answers[-1].kind]
    shown = bool(said) and said[-1].kind is Kind.SHOW
    return Status(state, shown, answers, said[-1] if said and not shown else None)


def check_may_be_said(word: Word, status: Status) -> None:
    """Check that a word may follow where a correction stands.

    Raises:
        NotModerated: it is an answer, and nobody has said whether the correction is shown.
        AlreadyAnswered: it says what is so already, or what may not follow the last answer.
    """
    if not word.kind.is_answer:
        if _is_so(word.kind, status):
            raise AlreadyAnswered("已是如此，无需再次说明。", "It is so already.")
        return
    if status.state is State.RECEIVED:
        raise NotModerated(
            "请先说明这条意见是否公开（show 或 hide），再作答复。",
            "Say first whether it is shown (show or hide), then answer.",
        )
    if word.kind not in ANSWERS[status.state]:
        raise AlreadyAnswered(
            f"此更正意见{status.state.label.zh}，不能再作这一答复。",
            f"The correction is {status.state.label.en}; it cannot be answered so any more.",
        )


def word_faults(word: Word, reported: int) -> tuple[Fault, ...]:
    """Return what is wrong in a word by itself; ``reported`` is the release with the fault."""
    faults = []
    if word.kind is Kind.CORRECT:
        if word.release is None or word.release <= reported:
            text = Text(
                f"请写明更正此记录的发布版本，须在第 {reported} 版之后。",
                f"Name the release that corrects the record, later than release {reported}.",
            )
            faults.append(Fault("/release", text, "release-needed"))
    elif word.release is not None:
        text = Text("只有 correct 才写发布版本。", "Only correct names a release.")
        faults.append(Fault("/release", text, "misplaced-value"))
    if (word.kind is Kind.TRANSFER) is not bool((word.transferred_to or "").strip()):
        text = Text(
            "transfer 须写明转送何处，其他不写。", "transfer, and nothing else, says to whom."
        )
        faults.append(Fault("/transferred_to", text, "recipient-needed"))
    return tuple(faults)


def _is_so(kind: Kind, status: Status) -> bool:
    return status.shown if kind is Kind.SHOW else status.hidden is not None
