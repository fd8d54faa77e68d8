"""Coordination 发布协调: the written consent of other agencies, asked for before publication.

Where published information concerns other agencies, they are asked and confirm it (《政府信息公开
条例》第十一条); they answer in writing within ten working days. Silence is told, and is never
taken for consent. What an agency objects to, the supervisor decides.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from opendata.domain.errors import Conflict, Fault, Text, Unprocessable
from opendata.domain.working_days import is_past

ANSWER_WORKING_DAYS = 10


class Stance(StrEnum):
    """What an agency answers."""

    CONSENT = "consent"
    OBJECT = "object"

    @property
    def label(self) -> Text:
        """The answer in both languages."""
        return _LABELS[self]


_LABELS = {
    Stance.CONSENT: Text("同意", "consents"),
    Stance.OBJECT: Text("不同意", "objects"),
}


@dataclass(frozen=True, slots=True)
class Consent:
    """One agency's written answer, given in the round of one base release.

    ``reference`` names the document it was written in.
    """

    agency: str
    stance: Stance
    person_id: UUID
    person: str
    reference: str
    reason: str
    base_release: int
    suspended: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Consultation:
    """One agency that was asked in this round; ``due`` is ``None`` until the year is announced."""

    agency: str
    asked_at: datetime
    due: date | None
    answer: Consent | None = None

    @property
    def awaited(self) -> bool:
        """Whether the agency has not answered."""
        return self.answer is None

    def overdue(self, today: date) -> bool | None:
        """Whether an answer that is awaited is late; ``None`` if nobody can tell yet."""
        return is_past(self.due, today) if self.awaited else False


@dataclass(frozen=True, slots=True)
class Coordination:
    """The agencies whose consent a submission needs, as they were asked in the present round."""

    asked: tuple[Consultation, ...] = ()
    # Who has answered in this round, an objection that was taken back included.
    spoken: frozenset[UUID] = frozenset()

    @property
    def awaited(self) -> tuple[str, ...]:
        """The agencies that have not answered."""
        return tuple(each.agency for each in self.asked if each.awaited)

    @property
    def objections(self) -> tuple[Consent, ...]:
        """The objections that stand."""
        answers = (each.answer for each in self.asked)
        return tuple(each for each in answers if each and each.stance is Stance.OBJECT)

    @property
    def answered(self) -> "Coordination":
        """What is left of it once the review is over and nobody's answer is awaited."""
        return replace(self, asked=tuple(each for each in self.asked if not each.awaited))

    def of(self, agency: str) -> Consultation | None:
        """Return how an agency was asked, ``None`` if it was not."""
        return next((each for each in self.asked if each.agency == agency), None)

    def seen_by(self, agency: str) -> "Coordination":
        """Return what one of the agencies is shown of it: itself."""
        return replace(self, asked=tuple(each for each in self.asked if each.agency == agency))

    def check_approvable(self, ruled_at: datetime | None) -> None:
        """Raise unless publication may be approved; ``ruled_at`` is when the supervisor ruled.

        Raises:
            ConsentsAwaited: an agency has not answered, or objected after the ruling.
        """
        faults = [_awaited(agency) for agency in self.awaited]
        faults += [
            _objected(each) for each in self.objections if ruled_at is None or each.at > ruled_at
        ]
        if faults:
            raise ConsentsAwaited(
                "批准公开之前须征得每一个所涉机关的书面同意；逾期未答复不视为同意。"
                + "".join(each.detail.zh for each in faults),
                "Every agency concerned consents in writing before publication is approved; silence"
                " is no consent. " + " ".join(each.detail.en for each in faults),
                tuple(faults),
            )


class ConsentsAwaited(Conflict):
    """Publication is approved once every agency concerned has consented."""

    code = "consents-awaited"


class ConsentNotAwaited(Conflict):
    """The agency's answer is not awaited: it was given, or the submission is not under review."""

    code = "consent-not-awaited"


class InvalidConsent(Unprocessable):
    """An answer names the document it is written in, and an objection says why."""

    code = "invalid-consent"


def check_answer(stance: Stance, reference: str, reason: str) -> None:
    """Raise ``InvalidConsent`` unless an answer says what it has to."""
    faults = []
    if not reference.strip():
        said = Text("须注明书面答复的文号或编号。", "Name the document of the written answer.")
        faults.append(Fault("/reference", said, "reference-required"))
    if stance is Stance.OBJECT and not reason.strip():
        said = Text("不同意的须说明理由。", "An objection says why.")
        faults.append(Fault("/reason", said, "reason-required"))
    if faults:
        raise InvalidConsent(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            tuple(faults),
        )


def check_awaited(found: Consultation, stance: Stance) -> None:
    """Raise ``ConsentNotAwaited`` unless this answer may come next: the first, or a change of mind.

    An objection may be followed by consent; consent stands.
    """
    given = found.answer
    if given is None or (given.stance is Stance.OBJECT and stance is Stance.CONSENT):
        return
    raise ConsentNotAwaited(
        f"“{found.agency}”在本轮已答复：{given.stance.label.zh}。",
        f"In this round {found.agency} has answered: it {given.stance.label.en}.",
    )


def agency_faults(named: Collection[str], own: str, known: Collection[str]) -> tuple[Fault, ...]:
    """Return what is wrong with the agencies that a registration names, nothing if nothing is."""
    faults = []
    for index, agency in enumerate(named):
        pointer = f"/coordinates_with/{index}"
        if agency == own:
            said = Text("无须征求本主体的同意。", "Its own agency is not asked.")
            faults.append(Fault(pointer, said, "own-agency"))
        elif agency not in known:
            said = Text(f"没有公开主体“{agency}”。", f"There is no agency {agency}.")
            faults.append(Fault(pointer, said, "no-such-agency"))
    return tuple(faults)


def _awaited(agency: str) -> Fault:
    said = Text(f"“{agency}”尚未答复。", f"{agency} has not answered.")
    return Fault("/verdict", said, "consent-awaited")


def _objected(each: Consent) -> Fault:
    said = Text(
        f"“{each.agency}”不同意：{each.reference}。", f"{each.agency} objects: {each.reference}."
    )
    return Fault("/verdict", said, "objection-stands")
