"""Takedowns: when a release may not be public, as a pure rule over what persons said of it.

One person suspends at once, as an emergency allows no second signature; within a day another one
confirms it or lifts it. What two persons confirmed two persons lift. A withdrawal takes two
persons and is for good. Who counts as another is the person, whatever keys they hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from opendata.domain.errors import Conflict, Text

# So long a suspension may rest on one person's word, and a first word of withdrawal counts.
TERM, LAPSE = timedelta(days=1), timedelta(days=30)


class Kind(StrEnum):
    """What one person says of a release."""

    SUSPEND = "suspend"
    LIFT = "lift"
    WITHDRAW = "withdraw"

    @property
    def label(self) -> Text:
        """The word in both languages."""
        return _KINDS[self]


_KINDS = {
    Kind.SUSPEND: Text("停止公开", "suspend"),
    Kind.LIFT: Text("恢复公开", "lift"),
    Kind.WITHDRAW: Text("撤回", "withdraw"),
}


class State(StrEnum):
    """Whether a release may be shown, as it is told; always computed, never stored."""

    PUBLIC = "public"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Text:
        """The state in both languages."""
        return _STATES[self]


_STATES = {
    State.PUBLIC: Text("公开", "public"),
    State.SUSPENDED: Text("已停止公开", "suspended"),
    State.WITHDRAWN: Text("已撤回", "withdrawn"),
}


class Place(StrEnum):
    """Where a release stands between the words of its persons."""

    PUBLIC = "public"
    SUSPENDED = "suspended"
    CONFIRMED = "confirmed"
    LIFTING = "lifting"
    WITHDRAWN = "withdrawn"


_NOT_WITHDRAWN = (Place.PUBLIC, Place.SUSPENDED, Place.CONFIRMED, Place.LIFTING)
_TOLD = {Place.PUBLIC: State.PUBLIC, Place.WITHDRAWN: State.WITHDRAWN}

# Where a word leads: from which place, of which kind, and whether it seconds the word of another
# person. A first word of withdrawal changes nothing but that a second one may follow. What is
# not in the table is refused.
TRANSITIONS: Mapping[tuple[Place, Kind, bool], Place] = {
    (Place.PUBLIC, Kind.SUSPEND, False): Place.SUSPENDED,
    (Place.SUSPENDED, Kind.SUSPEND, True): Place.CONFIRMED,
    (Place.SUSPENDED, Kind.LIFT, True): Place.PUBLIC,
    (Place.CONFIRMED, Kind.LIFT, False): Place.LIFTING,
    (Place.LIFTING, Kind.LIFT, True): Place.PUBLIC,
    **{(each, Kind.WITHDRAW, False): each for each in _NOT_WITHDRAWN},
    **{(each, Kind.WITHDRAW, True): Place.WITHDRAWN for each in _NOT_WITHDRAWN},
}


@dataclass(frozen=True, slots=True)
class TakedownWord:
    """One person's word on whether a release may be public; ``number`` counts within it."""

    number: int
    kind: Kind
    person_id: UUID
    person: str
    authority: str
    basis: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is told in the place of a release that is not public: by the word that took effect."""

    dataset: str
    release: int
    state: State
    authority: str
    basis: str
    reason: str
    at: datetime

    @property
    def sentence(self) -> Text:
        """The same in a sentence."""
        when = f"{self.at:%Y-%m-%d %H:%M} UTC"
        authority = [each for each in (self.authority, self.basis) if each]
        return Text(
            f"数据集“{self.dataset}”第 {self.release} 版{self.state.label.zh}，自 {when} 起。"
            f"依据：{'，'.join(authority)}。原因：{self.reason}",
            f"Release {self.release} of {self.dataset} was {self.state} on {when} on the "
            f"authority of {', '.join(authority)}: {self.reason}",
        )


class AlreadySuspended(Conflict):
    """This person, or two persons, have suspended the release."""

    code = "already-suspended"


class AlreadyWithdrawn(Conflict):
    """The release is withdrawn, and that is for good."""

    code = "already-withdrawn"


class NotSuspended(Conflict):
    """There is no suspension to lift: the release is public."""

    code = "not-suspended"


class SecondPersonNeeded(Conflict):
    """The person who gave the first word cannot give the second."""

    code = "second-person-needed"


@dataclass(frozen=True, slots=True)
class Status:
    """Where a release stands.

    ``words`` are all that was said, ``holding`` those by which it is taken down. ``awaiting`` is
    the word on its suspension that awaits another person's, ``withdrawing`` the first word of a
    withdrawal. ``changes`` is how often it was taken out of the public or put back.
    """

    place: Place = Place.PUBLIC
    words: tuple[TakedownWord, ...] = ()
    holding: tuple[TakedownWord, ...] = ()
    awaiting: TakedownWord | None = None
    withdrawing: TakedownWord | None = None
    changes: int = 0

    @property
    def state(self) -> State:
        """Whether it may be shown."""
        return _TOLD.get(self.place, State.SUSPENDED)

    @property
    def visible(self) -> bool:
        """Whether its records and files may be shown."""
        return self.state is State.PUBLIC

    @property
    def confirmed(self) -> bool:
        """Whether two persons stand behind its being taken down."""
        return self.place in (Place.CONFIRMED, Place.LIFTING, Place.WITHDRAWN)

    @property
    def due_by(self) -> datetime | None:
        """Until when another person confirms or lifts the suspension, if one has to."""
        if self.place is not Place.SUSPENDED or self.awaiting is None:
            return None
        return self.awaiting.at + TERM

    @property
    def withdrawal_pending(self) -> bool:
        """Whether one person said that it is to be withdrawn, and no other one yet."""
        return self.withdrawing is not None

    @property
    def told(self) -> tuple[TakedownWord, ...]:
        """The words that everybody is told: those of a withdrawal once it has taken effect."""
        # Until then they would only draw attention to what is still public.
        return tuple(
            each for each in self.words if each.kind is not Kind.WITHDRAW or each in self.holding
        )

    def at(self, now: datetime) -> "Status":
        """Return the same without a first word of withdrawal that has lapsed by then."""
        said = self.withdrawing
        return self if said is None or now <= said.at + LAPSE else replace(self, withdrawing=None)

    def first_word(self, kind: Kind) -> TakedownWord | None:
        """Return the word that another person would second by one of this kind."""
        return self.withdrawing if kind is Kind.WITHDRAW else self.awaiting

    def is_overdue(self, now: datetime) -> bool:
        """Whether a suspension has rested on one person's word for longer than a day."""
        return self.due_by is not None and self.due_by < now

    def tombstone(self, dataset: str, release: int) -> Tombstone | None:
        """Return what is told in the release's place, ``None`` while it is public."""
        if self.visible:
            return None
        # A suspension holds from its first word on, a withdrawal from its second.
        word = self.holding[-1 if self.state is State.WITHDRAWN else 0]
        return Tombstone(
            dataset, release, self.state, word.authority, word.basis, word.reason, word.at
        )


# Of a release about which nothing was said.
UNTOUCHED = Status()


def standing_of(words: Iterable[TakedownWord]) -> Status:
    """Compute where a release stands from what was said of it, first word first.

    A word that could not have been said then changes nothing: what is hidden stays hidden.
    """
    status = UNTOUCHED
    for word in words:
        place = _goal(status, word)
        status = replace(status, words=(*status.words, word))
        if place is not None:
            status = _after(status, word, place)
    return status


def check_may_say(word: TakedownWord, status: Status) -> None:
    """Raise unless ``word`` may be said of a release that stands so.

    Raises:
        AlreadyWithdrawn: it is withdrawn for good.
        NotSuspended: nothing is there to be lifted.
        AlreadySuspended: two persons have suspended it, or this one has.
        SecondPersonNeeded: the same person gave the word that this one would second.
    """
    if _goal(status, word) is not None:
        return
    if status.place is Place.WITHDRAWN:
        raise AlreadyWithdrawn(
            "此版本已经撤回，不能恢复或更改。", "The release is withdrawn, and that is for good."
        )
    if word.kind is Kind.SUSPEND:
        raise AlreadySuspended(
            "此版本已停止公开；确认须由另一人作出，且只需一次。",
            "The release is suspended; another person confirms it, once.",
        )
    if status.place is Place.PUBLIC and word.kind is Kind.LIFT:
        raise NotSuspended(
            "此版本没有停止公开，无须恢复。", "The release is public; there is nothing to lift."
        )
    raise SecondPersonNeeded(
        f"同一人已表示意见；“{word.kind.label.zh}”须由另一人作出，不论用哪个密钥。",
        f"The same person has spoken: to {word.kind.label.en} it takes another one, whatever "
        "keys they hold.",
    )


def _goal(status: Status, word: TakedownWord) -> Place | None:
    """Return where a word leads, ``None`` if it cannot be said."""
    first = status.at(word.at).first_word(word.kind)
    if first is not None and first.person_id == word.person_id:
        return None
    return TRANSITIONS.get((status.place, word.kind, first is not None))


def _after(status: Status, word: TakedownWord, place: Place) -> Status:
    words = status.words
    changes = status.changes + (status.visible is not (place is Place.PUBLIC))
    if word.kind is Kind.WITHDRAW:
        first = status.at(word.at).withdrawing
        if first is None:
            return replace(status, withdrawing=word)
        return Status(place, words, (first, word), changes=changes)
    if place is Place.PUBLIC:
        # Whoever lifts has looked again: a first word of withdrawal from before no longer counts.
        return Status(place, words, changes=changes)
    suspends = word.kind is Kind.SUSPEND
    return replace(
        status,
        place=place,
        holding=(*status.holding, word) if suspends else status.holding,
        awaiting=None if place is Place.CONFIRMED else word,
        changes=changes,
    )
