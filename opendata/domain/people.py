"""Persons, the roles granted to them, and the one rule of scope."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from opendata.domain.errors import Forbidden, Text

EVERY_AGENCY = "*"


class Role(StrEnum):
    """What a key lets its person do (design, glossary)."""

    AUTHOR = "author"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    @property
    def label(self) -> Text:
        """The role's name in both languages."""
        return _LABELS[self]


_LABELS = {
    Role.AUTHOR: Text("承办人", "author"),
    Role.REVIEWER: Text("保密审查人", "secrecy reviewer"),
    Role.APPROVER: Text("批准人", "approver"),
    Role.SUPERVISOR: Text("主管部门", "supervisor"),
    Role.ADMIN: Text("系统管理员", "administrator"),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in a request: a person, in one role, within one agency (or ``*``)."""

    person_id: UUID
    name: str
    role: Role
    agency: str
    key_id: UUID


class WrongRole(Forbidden):
    """The key's role does not open this."""

    code = "wrong-role"


class WrongAgency(Forbidden):
    """The key belongs to another agency."""

    code = "wrong-agency"


def check_role(actor: Actor, allowed: frozenset[Role]) -> None:
    """Raise ``WrongRole`` unless the actor's role is one of ``allowed``."""
    if actor.role not in allowed:
        zh = "、".join(role.label.zh for role in sorted(allowed))
        en = ", ".join(sorted(allowed))
        raise WrongRole(
            f"此操作须由{zh}进行；所用密钥的角色是{actor.role.label.zh}。",
            f"This needs the role {en}; the key's role is {actor.role}.",
        )


def check_agency(actor: Actor, agency: str) -> None:
    """Raise ``WrongAgency`` unless the actor may act for ``agency``."""
    if actor.agency not in (EVERY_AGENCY, agency):
        raise WrongAgency(
            f"所用密钥属于“{actor.agency}”，此数据集属于“{agency}”。",
            f"The key belongs to {actor.agency}; this belongs to {agency}.",
        )
