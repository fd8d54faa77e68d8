"""Cautions under review: what each kind is answered with, and what an approver waits for.

A caution does not make a file invalid. Somebody who knows says of every kind why it is as it is,
and what they say is published with the release as a known issue.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from opendata.domain.errors import Conflict, Fault, Forbidden, Text, Unprocessable
from opendata.domain.findings import Caution
from opendata.domain.people import Role
from opendata.domain.queries import moment_text


class CautionKind(NamedTuple):
    """What tells one kind of caution from the others of a submission; see ``Caution``."""

    code: str
    name: str | None
    field: str | None

    @classmethod
    def of(cls, caution: Caution) -> "CautionKind":
        """Return the kind of a caution."""
        return cls(caution.code, caution.name, caution.field)

    @property
    def label(self) -> str:
        """The kind as it is told to people: ``bud-actual (required-when, actual_amount)``."""
        rest = ", ".join(each for each in (self.code, self.field) if each)
        return f"{self.name} ({rest})" if self.name else rest


@dataclass(frozen=True, slots=True)
class CautionAnswer:
    """Why one kind of caution is as it is; answers of a submission are numbered from 1."""

    number: int
    kind: CautionKind
    reason: str
    person_id: UUID
    person: str
    role: Role
    at: datetime


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """One kind of caution with the answer that stands, ``None`` where there is none."""

    caution: Caution
    answer: CautionAnswer | None

    def as_dict(self) -> dict[str, Any]:
        """Return what is told of it; no cell values."""
        return {**self.caution.as_dict(), "answer": _answer_dict(self.answer)}


@dataclass(frozen=True, slots=True)
class Cautions:
    """The cautions about one submission, and what was answered to them, first answer first."""

    found: tuple[Caution, ...] = ()
    answers: tuple[CautionAnswer, ...] = ()

    @property
    def issues(self) -> tuple[KnownIssue, ...]:
        """Every kind, in the order of the report, with its last answer."""
        last = {each.kind: each for each in self.answers}
        return tuple(KnownIssue(each, last.get(CautionKind.of(each))) for each in self.found)

    @property
    def unanswered(self) -> tuple[CautionKind, ...]:
        """The kinds that nobody has answered."""
        return tuple(CautionKind.of(each.caution) for each in self.issues if each.answer is None)

    def check_approvable_by(self, person_id: UUID) -> None:
        """Raise unless this person may approve the publication of these cautions.

        Raises:
            CautionsUnanswered: a kind has no answer; each is named.
            OwnAnswer: an answer that stands is the person's own.
        """
        if self.unanswered:
            raise CautionsUnanswered(
                f"批准公开之前，每种提示都须说明理由；尚有 {len(self.unanswered)} 种未说明。",
                "Before publication is approved every kind of caution is answered with a reason; "
                f"{len(self.unanswered)} are not.",
                tuple(map(_unanswered, self.unanswered)),
            )
        if any(each.answer and each.answer.person_id == person_id for each in self.issues):
            raise OwnAnswer(
                "对提示作出说明的人不得批准这份报送。",
                "Whoever answered a caution may not approve the submission.",
            )


class CautionsUnanswered(Conflict):
    """Publication is approved once every kind of caution is answered."""

    code = "cautions-unanswered"


class OwnAnswer(Forbidden):
    """A person may not approve the publication of their own answer to a caution."""

    code = "own-answer"


class InvalidAnswers(Unprocessable):
    """An answer is to no caution of the submission, comes twice, or gives no reason."""

    code = "invalid-answers"


def check_answers(given: Sequence[tuple[CautionKind, str]], cautions: Cautions) -> None:
    """Raise ``InvalidAnswers``, naming every fault, unless ``given`` may all be recorded.

    Each of ``given`` is a kind and the reason; one kind may be answered again later, and once
    in one go.
    """
    faults = tuple(_answer_faults(given, tuple(map(CautionKind.of, cautions.found))))
    if faults:
        raise InvalidAnswers(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            faults,
        )


def _answer_faults(
    given: Sequence[tuple[CautionKind, str]], kinds: Sequence[CautionKind]
) -> Iterator[Fault]:
    seen: set[CautionKind] = set()
    there = Text(
        "现有：" + "、".join(each.label for each in kinds) if kinds else "这份报送没有提示",
        "there are: " + "; ".join(each.label for each in kinds) if kinds else "there is none",
    )
    for index, (kind, reason) in enumerate(given):
        pointer = f"/answers/{index}"
        if kind not in kinds:
            said = Text(
                f"没有提示“{kind.label}”；{there.zh}。",
                f"There is no caution {kind.label}; {there.en}.",
            )
            yield Fault(pointer, said, "unknown-caution")
        if kind in seen:
            said = Text(f"提示“{kind.label}”出现了两次。", f"{kind.label} is answered twice.")
            yield Fault(pointer, said, "repeated-caution")
        if not reason.strip():
            said = Text("须说明理由。", "A reason is needed.")
            yield Fault(f"{pointer}/reason", said, "reason-required")
        seen.add(kind)


def _unanswered(kind: CautionKind) -> Fault:
    said = Text(f"提示“{kind.label}”尚未说明。", f"{kind.label} is not answered.")
    return Fault("/verdict", said, "caution-unanswered")


def _answer_dict(answer: CautionAnswer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "reason": answer.reason,
        "person": answer.person,
        "role": answer.role.value,
        "at": moment_text(answer.at),
    }
