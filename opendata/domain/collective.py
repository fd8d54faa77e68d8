"""Decisions that a body took together 集体讨论决定, as the approver records them.

Who is answerable for such a decision depends on what each of its members held
(《桂林市政府信息公开责任追究制度（试行）》第六条第（三）项), so each is recorded with their stance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from opendata.domain.errors import Fault, Text, Unprocessable
from opendata.domain.people import Role


class MemberStance(StrEnum):
    """What one member of a body held."""

    DECIDED = "decided"
    AGREED = "agreed"
    SILENT = "silent"
    OPPOSED = "opposed"

    @property
    def label(self) -> Text:
        """The stance in both languages."""
        return _LABELS[self]


_LABELS = {
    MemberStance.DECIDED: Text("决策人", "took the decision"),
    MemberStance.AGREED: Text("同意", "agreed"),
    MemberStance.SILENT: Text("未表示反对", "raised no objection"),
    MemberStance.OPPOSED: Text("反对", "opposed it"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One person who took part, by name, and what they held."""

    name: str
    stance: MemberStance


@dataclass(frozen=True, slots=True)
class CollectiveDecision:
    """What a body decided; ``minutes`` names the document that says so."""

    minutes: str
    members: tuple[Member, ...]

    @classmethod
    def of(cls, body: dict[str, Any]) -> "CollectiveDecision":
        """Read what was recorded."""
        members = (Member(each["name"], MemberStance(each["stance"])) for each in body["members"])
        return cls(body["minutes"], tuple(members))


class InvalidCollective(Unprocessable):
    """What is recorded of a collective decision does not say who took it."""

    code = "invalid-collective"


def check_collective(decision: CollectiveDecision, role: Role, recorded_by: str) -> None:
    """Raise ``InvalidCollective``, naming every fault, unless it may be recorded by this person."""
    faults = tuple(_faults(decision, role, recorded_by))
    if faults:
        raise InvalidCollective(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            faults,
        )


def _faults(decision: CollectiveDecision, role: Role, recorded_by: str) -> Iterator[Fault]:
    if role is not Role.APPROVER:
        said = Text("集体决定由批准人记录。", "The approver records what a body decided.")
        yield Fault("/collective", said, "not-the-approver")
    names = [each.name for each in decision.members]
    for index, name in enumerate(names):
        if name in names[:index]:
            said = Text(f"“{name}”出现了两次。", f"{name} is named twice.")
            yield Fault(f"/collective/members/{index}/name", said, "repeated-member")
    if recorded_by not in names:
        said = Text(
            f"参加人中须有记录此决定的“{recorded_by}”。",
            f"{recorded_by}, who records it, is one of the members.",
        )
        yield Fault("/collective/members", said, "approver-not-named")
    if not any(each.stance is MemberStance.DECIDED for each in decision.members):
        said = Text("须注明决策人。", "It names who took the decision.")
        yield Fault("/collective/members", said, "no-decider")
