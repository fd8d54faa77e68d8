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
    """Who acts in a request: a person, in one role, within one agency (or ``*``).

    ``collections`` are those that the key is good for; every one where it is ``None``.
    """

    person_id: UUID
    name: str
    role: Role
    agency: str
    key_id: UUID
    collections: frozenset[str] | None = None


class WrongRole(Forbidden):
    """The key's role does not open this."""

    code = "wrong-role"


class WrongAgency(Forbidden):
    """The key belongs to another agency."""

    code = "wrong-agency"


class WrongCollection(Forbidden):
    """The key is good for other collections only."""

    code = "wrong-collection"


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


def check_own_agency(actor: Actor, agency: str) -> None:
    """Raise ``WrongAgency`` unless the actor's key is of this very agency, not of every one."""
    if actor.agency != agency:
        raise WrongAgency(
            f"此处须用“{agency}”自己的密钥。", f"This takes a key of {agency} itself."
        )


def check_collection(actor: Actor, collection: str) -> None:
    """Raise ``WrongCollection`` unless the actor's key is good for ``collection``."""
    if actor.collections is not None and collection not in actor.collections:
        zh = "、".join(sorted(actor.collections))
        en = ", ".join(sorted(actor.collections))
        raise WrongCollection(
            f"所用密钥只能用于数据类别 {zh}，此处属于 {collection}。",
            f"The key is good for {en} only; this is in {collection}.",
        )


def is_within(actor: Actor, agency: str, collection: str) -> bool:
    """Whether the actor's key is good for ``agency`` and ``collection``."""
    mine = actor.agency in (EVERY_AGENCY, agency)
    return mine and (actor.collections is None or collection in actor.collections)


def check_scope(actor: Actor, agency: str, collection: str) -> None:
    """Raise unless the actor may act for ``agency`` in ``collection``.

    Raises:
        WrongAgency, WrongCollection: see there.
    """
    check_agency(actor, agency)
    check_collection(actor, collection)
