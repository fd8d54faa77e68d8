"""The procedure as one table: from which place a complaint comes to which, and by what step.

By 《桂林市政府信息公开责任追究制度（试行）》第八条 (the facts are found, who answers for them is
heard, then it is decided and told in writing; who disagrees asks for a review) and
《陕西省住房和城乡建设厅政府信息公开责任追究制度（试行）》第八条 (a clue, a preliminary check, an
investigation; what is not so is explained, who gave their name is told). What is not in the table
does not happen.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from opendata.domain.errors import Text


class Kind(StrEnum):
    """One kind of step."""

    REPORTER_NAMED = "reporter_named"
    SUPPLEMENTED = "supplemented"
    PRELIMINARY_CHECK = "preliminary_check"
    ANSWER_ASKED = "answer_asked"
    ANSWERED = "answered"
    FINDING = "finding"
    HEARD = "heard"
    DECIDED = "decided"
    DISMISSED = "dismissed"
    NOTIFIED = "notified"
    REVIEW_ASKED = "review_asked"
    REVIEWED = "reviewed"
    RECTIFICATION_ORDERED = "rectification_ordered"
    RECTIFIED = "rectified"
    RECTIFICATION_CHECKED = "rectification_checked"
    TRANSFERRED = "transferred"
    CLOSED = "closed"

    @property
    def label(self) -> Text:
        """The step in both languages."""
        return _KINDS[self]


_KINDS = {
    Kind.REPORTER_NAMED: Text("署名", "the reporter gave a name"),
    Kind.SUPPLEMENTED: Text("补充情况", "the reporter told more"),
    Kind.PRELIMINARY_CHECK: Text("初步核实", "preliminary check"),
    Kind.ANSWER_ASKED: Text("要求说明情况", "the body was asked to explain"),
    Kind.ANSWERED: Text("说明情况", "the body explained"),
    Kind.FINDING: Text("调查认定", "finding"),
    Kind.HEARD: Text("听取陈述申辩", "statement and defence heard"),
    Kind.DECIDED: Text("处理决定", "decision"),
    Kind.DISMISSED: Text("不予追究", "dismissed"),
    Kind.NOTIFIED: Text("书面告知", "notice in writing"),
    Kind.REVIEW_ASKED: Text("申请复核、申诉", "a review was asked for"),
    Kind.REVIEWED: Text("复核", "review"),
    Kind.RECTIFICATION_ORDERED: Text("责令限期整改", "ordered to rectify by a day"),
    Kind.RECTIFIED: Text("报告整改情况", "rectification reported"),
    Kind.RECTIFICATION_CHECKED: Text("核查整改情况", "rectification checked"),
    Kind.TRANSFERRED: Text("移送", "handed to another authority"),
    Kind.CLOSED: Text("结案", "closed"),
}


class Source(StrEnum):
    """Where a clue came from: somebody reported it, or a supervisor or another body found it."""

    PUBLIC = "public"
    LETTER = "letter"
    INSPECTION = "inspection"
    REFERRED = "referred"

    @property
    def label(self) -> Text:
        """The source in both languages."""
        return _SOURCES[self]


_SOURCES = {
    Source.PUBLIC: Text("网上举报", "reported over the platform"),
    Source.LETTER: Text("来信来访", "reported by letter or in person"),
    Source.INSPECTION: Text("监督检查发现", "found in an inspection"),
    Source.REFERRED: Text("其他机关转来", "referred by another body"),
}


class Result(StrEnum):
    """How a step came out, where steps of its kind come out in several ways."""

    PROCEED = "proceed"
    UNFOUNDED = "unfounded"
    NOT_COMPETENT = "not_competent"
    DUPLICATE = "duplicate"
    SUBSTANTIATED = "substantiated"
    PARTLY = "partly"
    UNSUBSTANTIATED = "unsubstantiated"
    UPHELD = "upheld"
    CHANGED = "changed"
    REVOKED = "revoked"
    ACCEPTED = "accepted"
    INSUFFICIENT = "insufficient"


RESULTS: Mapping[Kind, tuple[Result, ...]] = {
    Kind.PRELIMINARY_CHECK: (
        Result.PROCEED, Result.UNFOUNDED, Result.NOT_COMPETENT, Result.DUPLICATE,
    ),
    Kind.FINDING: (Result.SUBSTANTIATED, Result.PARTLY, Result.UNSUBSTANTIATED),
    Kind.REVIEWED: (Result.UPHELD, Result.CHANGED, Result.REVOKED),
    Kind.RECTIFICATION_CHECKED: (Result.ACCEPTED, Result.INSUFFICIENT),
}  # fmt: skip


class Place(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    INVESTIGATION = "investigation"
    UNFOUNDED = "unfounded"
    FOUND = "found"
    HEARD = "heard"
    DECIDED = "decided"
    STANDING = "standing"
    RECTIFYING = "rectifying"
    RECTIFIED = "rectified"
    SETTLED = "settled"
    DISMISSED = "dismissed"
    CLOSED = "closed"

    @property
    def label(self) -> Text:
        """The place in both languages."""
        return _PLACES[self]

    @property
    def is_after_rectification(self) -> bool:
        """Whether what was ordered to be put right, if anything was, is accepted by now."""
        return self in (Place.SETTLED, Place.CLOSED)


_PLACES = {
    Place.RECEIVED: Text("待初步核实", "awaiting a preliminary check"),
    Place.INVESTIGATION: Text("调查中", "under investigation"),
    Place.UNFOUNDED: Text("拟不予追究，待另一人决定", "found unfounded; another person decides"),
    Place.FOUND: Text("已认定，待听取陈述申辩", "found; statement and defence to be heard"),
    Place.HEARD: Text("已听取陈述申辩，待决定", "heard; to be decided"),
    Place.DECIDED: Text("已决定，待书面告知", "decided; to be told in writing"),
    Place.STANDING: Text("已书面告知", "told in writing"),
    Place.RECTIFYING: Text("整改中", "being rectified"),
    Place.RECTIFIED: Text("已报告整改，待核查", "rectification reported; to be checked"),
    Place.SETTLED: Text("整改已核查", "rectification accepted"),
    Place.DISMISSED: Text("不予追究", "dismissed"),
    Place.CLOSED: Text("已结案", "closed"),
}


class Token(NamedTuple):
    """A step as the table knows it: its kind, and how it came out."""

    kind: Kind
    result: Result | None = None


# A decision that was told and stands, whether or not it is being rectified.
IN_FORCE = (Place.STANDING, Place.RECTIFYING, Place.RECTIFIED, Place.SETTLED)
AFTER_NOTICE = (*IN_FORCE, Place.CLOSED)
_OPEN = (Place.RECEIVED, Place.INVESTIGATION, Place.UNFOUNDED, Place.FOUND, Place.HEARD)
_CHECK, _FINDING, _REVIEWED = Kind.PRELIMINARY_CHECK, Kind.FINDING, Kind.REVIEWED
_FOUND = (Place.INVESTIGATION, Place.FOUND, Place.HEARD)

TABLE: Mapping[tuple[Place, Token], Place] = {
    (Place.RECEIVED, Token(Kind.REPORTER_NAMED)): Place.RECEIVED,
    **{(each, Token(Kind.SUPPLEMENTED)): each for each in _OPEN},
    (Place.RECEIVED, Token(_CHECK, Result.PROCEED)): Place.INVESTIGATION,
    (Place.RECEIVED, Token(_CHECK, Result.UNFOUNDED)): Place.UNFOUNDED,
    (Place.RECEIVED, Token(_CHECK, Result.NOT_COMPETENT)): Place.UNFOUNDED,
    (Place.RECEIVED, Token(_CHECK, Result.DUPLICATE)): Place.UNFOUNDED,
    # Whoever is to dismiss it may think that it is worth looking into after all.
    (Place.UNFOUNDED, Token(_CHECK, Result.PROCEED)): Place.INVESTIGATION,
    (Place.UNFOUNDED, Token(Kind.DISMISSED)): Place.DISMISSED,
    (Place.INVESTIGATION, Token(Kind.ANSWER_ASKED)): Place.INVESTIGATION,
    (Place.INVESTIGATION, Token(Kind.ANSWERED)): Place.INVESTIGATION,
    # What is said in the hearing may change what was found; then it is heard again.
    **{(each, Token(_FINDING, Result.SUBSTANTIATED)): Place.FOUND for each in _FOUND},
    **{(each, Token(_FINDING, Result.PARTLY)): Place.FOUND for each in _FOUND},
    **{(each, Token(_FINDING, Result.UNSUBSTANTIATED)): Place.UNFOUNDED for each in _FOUND},
    (Place.FOUND, Token(Kind.HEARD)): Place.HEARD,
    (Place.HEARD, Token(Kind.HEARD)): Place.HEARD,
    # Whoever reviews hears again, and tells what came of it.
    **{(each, Token(Kind.HEARD)): each for each in AFTER_NOTICE},
    (Place.HEARD, Token(Kind.DECIDED)): Place.DECIDED,
    (Place.DECIDED, Token(Kind.NOTIFIED)): Place.STANDING,
    **{(each, Token(Kind.NOTIFIED)): each
       for each in (*IN_FORCE, Place.DISMISSED, Place.CLOSED)},
    (Place.STANDING, Token(Kind.RECTIFICATION_ORDERED)): Place.RECTIFYING,
    (Place.RECTIFYING, Token(Kind.RECTIFICATION_ORDERED)): Place.RECTIFYING,
    (Place.RECTIFYING, Token(Kind.RECTIFIED)): Place.RECTIFIED,
    (Place.RECTIFIED, Token(Kind.RECTIFICATION_CHECKED, Result.ACCEPTED)): Place.SETTLED,
    (Place.RECTIFIED, Token(Kind.RECTIFICATION_CHECKED, Result.INSUFFICIENT)): Place.RECTIFYING,
    **{(each, Token(Kind.TRANSFERRED)): each for each in IN_FORCE},
    **{(each, Token(Kind.REVIEW_ASKED)): each for each in AFTER_NOTICE},
    **{(each, Token(_REVIEWED, Result.UPHELD)): each for each in AFTER_NOTICE},
    **{(each, Token(_REVIEWED, Result.CHANGED)): Place.DECIDED
       for each in AFTER_NOTICE},
    **{(each, Token(_REVIEWED, Result.REVOKED)): Place.DISMISSED
       for each in AFTER_NOTICE},
    (Place.STANDING, Token(Kind.CLOSED)): Place.CLOSED,
    (Place.SETTLED, Token(Kind.CLOSED)): Place.CLOSED,
    (Place.DISMISSED, Token(Kind.CLOSED)): Place.CLOSED,
}  # fmt: skip


def kinds_at(place: Place) -> tuple[Kind, ...]:
    """Return what may be recorded at a place, in the order of the kinds.

    >>> kinds_at(Place.RECTIFIED)[-1]
    <Kind.TRANSFERRED: 'transferred'>
    """
    return tuple(each for each in Kind if any(at is place and t.kind is each for at, t in TABLE))
