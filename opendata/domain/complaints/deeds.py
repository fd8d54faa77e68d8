"""Who is on record for what a complaint names: of each thing the deeds, and what they do not say.

Shares follow from the facts of a release alone: 《桂林市政府信息公开责任追究制度（试行）》第六条
has them from who was of which opinion, and who corrected it. Of a request or an obligation the
facts say who recorded what. What nobody did has nobody on record: that a person could have done
it is no fact of theirs, and what was left undone is the body's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from opendata.domain.editions import local_day
from opendata.domain.errors import Text
from opendata.domain.people import Role
from opendata.domain.responsibility import Answerable, Part, Responsibility


class About(StrEnum):
    """What a complaint names, that facts are known of."""

    RELEASE = "release"
    REQUEST = "request"
    OBLIGATION = "obligation"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what on which day, and when that was recorded; ``role`` is that of their key.

    Whoever is only named, such as a member of a body, has none.
    """

    person: str
    role: Role | None
    what: Text
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Attribution:
    """What the facts of one thing say and do not say; ``clause`` is where shares are from."""

    about: About
    named: str | None = None
    facts: tuple[Deed, ...] = ()
    persons: tuple[Answerable, ...] = ()
    clause: str | None = None
    missing: tuple[Text, ...] = ()


_ROLES = {Part(each.value): each for each in Role if each.value in list(Part)}
_NO_SHARES = Text(
    "责任份额依承办人、批准人各自的意见划分（第六条）；这里只记录了谁在何时办理了哪一步，份额由调查认定。",
    "Shares follow from who was of which opinion (第六条). All that is on record here is who did "
    "what and when: the shares are for the investigation to find.",
)
_NOT_ANSWERED = Text(
    "没有答复的记录：没有可归责的个人在案，属机关未作为。",
    "No answer is on record: no person is, either. The body did not act.",
)
_FROM_LEDGER = Text(
    "此件由台账导入，各步骤只记录了导入台账的人，没有经办人。",
    "It is from a ledger: on record is who took the ledger in, and nobody who handled the request.",
)
_NOT_MET = Text(
    "没有人记录过以什么履行：没有可归责的个人在案，属机关未作为；到期之日谁持有批准人的密钥，不是过错的事实。",
    "Nobody recorded by what it was met: no person is on record, the body did not act. Who had an "
    "approver's key on the day it was due is no fact of guilt.",
)
_NO_SUCH_REQUEST = Text(
    "被举报机关没有这一编号的申请在案，事实不能说明由谁办理。",
    "The body has no request of this number on record: no fact says who handled it.",
)
_ERASED = Text(
    "举报内容已删除，是否写明了申请编号已不可知，事实不能推得责任人。",
    "What was reported is erased, a request's number with it: no fact leads to a person.",
)
_NO_RELEASE = Text(
    "举报只写明数据集，没有写明版本；各版本的承办人、审查人、批准人不同，事实不能推得责任人。",
    "It names a dataset and no release, and each release has persons of its own: no fact leads to "
    "one.",
)
_NOTHING = Text(
    "举报没有写明所涉的版本、申请或者公开事项，事实不能推得责任人，由调查认定。",
    "It names no release, request or obligation: no fact leads to a person, and it is for the "
    "investigation to find who is answerable.",
)


def of_release(named: str, found: Responsibility) -> Attribution:
    """Return the shares that follow from the facts of a release."""
    facts = tuple(
        Deed(each.person, _ROLES.get(each.part), each.what, local_day(each.at), each.at)
        for each in found.facts
    )
    clause = found.branch.clause
    return Attribution(About.RELEASE, named, facts, found.persons, clause, found.missing)


def of_request(
    number: str, deeds: Iterable[Deed], *, is_answered: bool, from_ledger: bool
) -> Attribution:
    """Return who is on record for how a request was handled."""
    missing = [_NO_SHARES]
    if from_ledger:
        missing.append(_FROM_LEDGER)
    if not is_answered:
        missing.append(_NOT_ANSWERED)
    return Attribution(About.REQUEST, number, tuple(deeds), missing=tuple(missing))


def of_no_request(number: str) -> Attribution:
    """Return that the body has no such request."""
    return Attribution(About.REQUEST, number, missing=(_NO_SUCH_REQUEST,))


def of_obligation(named: str, deeds: Iterable[Deed], *, is_met: bool) -> Attribution:
    """Return who is on record for an obligation; a term that nobody met has nobody."""
    missing = (_NO_SHARES,) if is_met else (_NO_SHARES, _NOT_MET)
    return Attribution(About.OBLIGATION, named, tuple(deeds), missing=missing)


def of_nothing(dataset: str | None, *, is_erased: bool) -> Attribution:
    """Return why the facts lead to nobody where nothing is named that facts are known of."""
    why = _ERASED if is_erased else _NO_RELEASE if dataset is not None else _NOTHING
    return Attribution(About.NOTHING, dataset, missing=(why,))
