"""Where a complaint stands after its steps; computed, never stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from opendata.domain.complaints.measures import Measure, Target
from opendata.domain.complaints.procedure import AFTER_NOTICE, TABLE, Kind, Place, Result
from opendata.domain.complaints.steps import Party, Step

_TOLD_OF_REVIEW = frozenset({Party.BODY, Party.PERSON})


@dataclass(frozen=True, slots=True)
class Event:
    """A step as it was recorded: ``by`` whom, if a person did, and when."""

    number: int
    step: Step
    by: UUID | None
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """What follows from the steps.

    ``decision`` is the one that stands, ``finding`` the last one. ``heard`` are those who were
    heard on that finding, ``told`` those who were told in writing of the last decision.
    ``notice_on`` is the day on which the body was told, ``reporter_told_on`` that on which the
    reporter was. ``orders`` are the orders to rectify
    that set its term and ``rectified`` the report that answers them, until it is found
    ``insufficient``: the next order sets a new term then. ``asked`` is what the body has not
    explained yet. ``ended_on`` is the day of the last decision or dismissal.
    ``review`` is the review that somebody asked for and that has not ended, ``reviewed`` those at
    whose request what stands was reviewed.
    """

    place: Place = Place.RECEIVED
    review: Event | None = None
    reviewed: frozenset[Party] = frozenset()
    finding: Event | None = None
    decision: Event | None = None
    heard: frozenset[Party] = frozenset()
    told: frozenset[Party] = frozenset()
    notice_on: date | None = None
    reporter_told_on: date | None = None
    orders: tuple[Event, ...] = ()
    rectified: Event | None = None
    insufficient: bool = False
    asked: Event | None = None
    handed_to: frozenset[Party] = frozenset()
    investigators: frozenset[UUID] = frozenset()
    deciders: frozenset[UUID] = frozenset()
    last_on: date | None = None
    known_to_body: bool = False
    ended_on: date | None = None

    @property
    def under_review(self) -> bool:
        """Whether a review was asked for and has not ended."""
        return self.review is not None

    @property
    def is_told_to_body(self) -> bool:
        """Whether the body was told in writing of the last decision or dismissal."""
        return self.notice_on is not None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of the decision that stands, those against persons included."""
        if self.decision is None:
            return ()
        step = self.decision.step
        return (*step.body, *(each for held in step.persons for each in held.measures))

    @property
    def targets(self) -> frozenset[Target]:
        """Who the decision that stands is about."""
        return frozenset() if self.decision is None else targets_of(self.decision.step)

    @property
    def must_rectify(self) -> bool:
        """Whether the decision that stands orders the body to put something right."""
        body = () if self.decision is None else self.decision.step.body
        return any(each.needs_rectification for each in body)

    @property
    def is_in_force(self) -> bool:
        """Whether a decision stands of which the body was told, if it is about the body."""
        told = self.is_told_to_body or Target.BODY not in self.targets
        return self.decision is not None and told and self.place in AFTER_NOTICE

    @property
    def is_public(self) -> bool:
        """Whether its outcome is told by agency: what is of persons alone would point at them."""
        return self.is_in_force and Target.BODY in self.targets

    def may_ask_for_review(self, party: Party) -> bool:
        """Whether what stands was not reviewed at the request of a party yet.

        Of several persons, each may ask; a body is one.
        """
        persons = () if self.decision is None else self.decision.step.persons
        are_several = sum(bool(each.measures) for each in persons) > 1
        return party not in self.reviewed or (party is Party.PERSON and are_several)


def targets_of(step: Step) -> frozenset[Target]:
    """Return against whom a decision takes measures."""
    found = {Target.BODY} if step.body else set()
    if any(each.measures for each in step.persons):
        found.add(Target.PERSON)
    return frozenset(found)


def status_of(events: Iterable[Event], registered_by: UUID | None = None) -> Status:
    """Compute where a complaint stands; who registered a clue of their own investigates it.

    A step that could not have been recorded there changes nothing.
    """
    first = frozenset() if registered_by is None else frozenset({registered_by})
    status = Status(investigators=first)
    for event in events:
        place = TABLE.get((status.place, event.step.token))
        if place is not None:
            status = replace(status, place=place, last_on=event.step.on)
            change = _CHANGES.get(event.step.kind)
            status = status if change is None else change(status, event)
    return status


def _by(event: Event) -> frozenset[UUID]:
    return frozenset() if event.by is None else frozenset({event.by})


def _party(event: Event) -> frozenset[Party]:
    return frozenset() if event.step.party is None else frozenset({event.step.party})


def _checked(status: Status, event: Event) -> Status:
    return replace(status, investigators=status.investigators | _by(event))


def _found(status: Status, event: Event) -> Status:
    investigators = status.investigators | _by(event)
    return replace(status, investigators=investigators, finding=event, heard=frozenset())


def _asked(status: Status, event: Event) -> Status:
    return replace(status, asked=event, known_to_body=True)


def _answered(status: Status, _event: Event) -> Status:
    return replace(status, asked=None)


def _heard(status: Status, event: Event) -> Status:
    party = _party(event)
    known = status.known_to_body or Party.BODY in party
    return replace(status, heard=status.heard | party, known_to_body=known, asked=None)


def _decided(status: Status, event: Event) -> Status:
    """Return what holds once something new is decided: nobody was told of it yet."""
    return replace(
        status,
        decision=event if event.step.kind is not Kind.DISMISSED else None,
        deciders=status.deciders | _by(event),
        told=frozenset(),
        notice_on=None,
        reporter_told_on=None,
        orders=(),
        rectified=None,
        insufficient=False,
        handed_to=frozenset(),
        asked=None,
        reviewed=frozenset(),
        ended_on=event.step.on,
    )


def _told(status: Status, event: Event) -> Status:
    party = _party(event)
    is_body = Party.BODY in party
    notice_on = event.step.on if is_body and status.notice_on is None else status.notice_on
    answered_on = status.reporter_told_on
    if Party.REPORTER in party and answered_on is None:
        answered_on = event.step.on
    return replace(
        status,
        told=status.told | party,
        notice_on=notice_on,
        reporter_told_on=answered_on,
        known_to_body=status.known_to_body or is_body,
    )


def _reviewing(status: Status, event: Event) -> Status:
    return replace(status, review=event)


def _reviewed(status: Status, event: Event) -> Status:
    asked = frozenset() if status.review is None else _party(status.review)
    result = event.step.result
    if result is Result.UPHELD:
        deciders = status.deciders | _by(event)
        told, reviewed = status.told - _TOLD_OF_REVIEW, status.reviewed | asked
        return replace(status, review=None, reviewed=reviewed, deciders=deciders, told=told)
    # What is new may be reviewed for the others; whoever asked for it had their review.
    status = replace(_decided(status, event), review=None, reviewed=asked)
    return status if result is Result.CHANGED else replace(status, decision=None)


def _ordered(status: Status, event: Event) -> Status:
    earlier = () if status.insufficient else status.orders
    return replace(status, orders=(*earlier, event), rectified=None, insufficient=False)


def _rectified(status: Status, event: Event) -> Status:
    return replace(status, rectified=event)


def _rectification_checked(status: Status, event: Event) -> Status:
    accepted = event.step.result is Result.ACCEPTED
    return status if accepted else replace(status, rectified=None, insufficient=True)


def _handed(status: Status, event: Event) -> Status:
    return replace(status, handed_to=status.handed_to | _party(event))


_CHANGES: Mapping[Kind, Callable[[Status, Event], Status]] = {
    Kind.PRELIMINARY_CHECK: _checked,
    Kind.FINDING: _found,
    Kind.ANSWER_ASKED: _asked,
    Kind.ANSWERED: _answered,
    Kind.HEARD: _heard,
    Kind.DECIDED: _decided,
    Kind.DISMISSED: _decided,
    Kind.NOTIFIED: _told,
    Kind.REVIEW_ASKED: _reviewing,
    Kind.REVIEWED: _reviewed,
    Kind.RECTIFICATION_ORDERED: _ordered,
    Kind.RECTIFIED: _rectified,
    Kind.RECTIFICATION_CHECKED: _rectification_checked,
    Kind.TRANSFERRED: _handed,
}
