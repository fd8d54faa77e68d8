"""Recording: an obligation's term began, or an agency says by what it was met."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.compliance import (
    GENERAL_RULE,
    Case,
    InvalidFulfilment,
    InvalidOccasion,
    Kind,
    NoSuchCase,
    Obligation,
    Occasion,
    OccasionExists,
    Word,
    after_the_end,
    check_may_follow,
    check_not_put_off,
    early_faults,
    is_case,
    occasion_faults,
    since,
    word_faults,
)
from opendata.domain.compliance.periods import period_named
from opendata.domain.compliance.words import MAX_NAME
from opendata.domain.deadlines import NoSuchRule, rule_on
from opendata.domain.editions import local_day
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Actor, Role, check_role, check_scope
from opendata.stages import catalogue
from opendata.stages.comply.finding import one, terms_of
from opendata.stages.comply.knowing import facts, public_day
from opendata.stages.comply.obligations import COLLECTION, Sources, obligation
from opendata.stages.personal import personal_faults
from opendata.stages.releases import MAX_NUMBER
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.tables import FulfilmentRow, OccasionRow
from opendata.storage.turns import take_turn

# What they write is public at once, so it is for those who decide what may be.
RECORDERS = frozenset({Role.REVIEWER, Role.APPROVER})
EXEMPTERS = frozenset({Role.APPROVER})


@dataclass(frozen=True, slots=True)
class Happened:
    """What somebody says an obligation's term runs from; ``rule`` where it is not its own."""

    occasion: str
    trigger_date: date
    title: str = ""
    rule: str | None = None


def record_occasion(
    sources: Sources, actor: Actor, obligation_id: str, said: Happened, now: datetime
) -> Case:
    """Record that the term of an obligation began, and return the case that there is of it now.

    Raises:
        NoSuchRecord, NotAnObligation, Gone, WrongAgency, WrongCollection: see there.
        InvalidOccasion: its name, day or rule will not do.
        OccasionExists: it is recorded already.
        OccasionTooLate: the term of its period has ended, and would end later.
    """
    owed = _own(sources, actor, obligation_id, now)
    occasion = Occasion(said.occasion, said.title, said.rule or "", said.trigger_date)
    occasion = replace(occasion, rule=_checked_rule(owed, occasion, local_day(now)))
    _check_begun(sources, owed, occasion, local_day(now))
    row = OccasionRow(
        id=uuid4(),
        agency_id=owed.agency,
        obligation=owed.id,
        occasion=occasion.name,
        title=occasion.title,
        rule=occasion.rule,
        trigger_date=occasion.trigger,
        person_id=actor.person_id,
        key_id=actor.key_id,
        recorded_at=now,
    )
    same = select(OccasionRow.id).filter_by(obligation=owed.id, occasion=occasion.name)
    with sources.home.database.begin() as session:
        _take_turn(session, owed)
        if session.scalar(same) is not None:
            raise OccasionExists(
                f"“{occasion.name}”已经记录，起算日和规则不能改动。",
                f"{occasion.name} is recorded already; its trigger and rule stay.",
            )
        row.audit_seq = audit.append(session, str(actor.person_id), *bound(row), now)
        session.add(row)
    return one(sources, owed, occasion.name, now)


def fulfil(
    sources: Sources, actor: Actor, named: tuple[str, str], word: Word, now: datetime
) -> Case:
    """Record by what a case was met, or why it need not be: ``named`` is obligation and occasion.

    Raises:
        NoSuchRecord, NotAnObligation, Gone, WrongAgency, WrongCollection: see there.
        WrongRole: only an approver exempts.
        NoSuchCase: the obligation has no such occasion.
        InvalidFulfilment: it lacks what its kind needs.
        NothingToAnnul: see there.
    """
    obligation_id, occasion = named
    owed = _own(sources, actor, obligation_id, now)
    if word.kind is Kind.EXEMPTION:
        check_role(actor, EXEMPTERS)
    _check_word((*word_faults(word, local_day(now)), *_personal(word)))
    with sources.home.database.begin() as session:
        _take_turn(session, owed)
        if word.kind is Kind.RELEASE:
            word = replace(word, on=_released_on(session, owed, word))
        said = _said_before(session, owed, (occasion, word), now)
        check_may_follow(word, said)
        row = _as_row(owed, word, actor, now)
        row.occasion, row.number = occasion, len(said) + 1
        row.audit_seq = audit.append(session, str(actor.person_id), *bound(row), now)
        session.add(row)
    return one(sources, owed, occasion, now)


def _own(sources: Sources, actor: Actor, obligation_id: str, now: datetime) -> Obligation:
    """Return an obligation that the actor's agency answers for."""
    owed = obligation(sources, obligation_id, now)
    check_scope(actor, owed.agency, COLLECTION)
    return owed


def _check_begun(sources: Sources, owed: Obligation, occasion: Occasion, today: date) -> None:
    """Refuse what would put off the term of a period.

    Raises:
        InvalidOccasion: the term runs from the period's end, and this is later.
        OccasionTooLate: the term has ended.
    """
    faults = after_the_end(occasion, owed)
    if faults:
        raise InvalidOccasion(*_joined(faults), faults)
    span = period_named(owed.frequency, occasion.name)
    if span is not None and is_case(owed, (), occasion.name, today):
        terms = terms_of(sources)
        old = terms.term(owed.rule, span.last, owed.agency, owed.place)
        new = terms.term(occasion.rule, occasion.trigger, owed.agency, owed.place)
        check_not_put_off(old, new, today)


def _take_turn(session: Session, owed: Obligation) -> None:
    """Let who speaks of one obligation speak one after the other: no row stands for it."""
    take_turn(session, f"obligation {owed.id}")


def _checked_rule(owed: Obligation, occasion: Occasion, today: date) -> str:
    """Return the rule that an occasion falls under: the obligation's own, where it has one.

    Raises:
        InvalidOccasion: anything of it will not do.
    """
    faults = (
        *occasion_faults(occasion, owed, today),
        *personal_faults("/occasion", occasion.name),
        *personal_faults("/title", occasion.title),
    )
    wanted = occasion.rule or owed.rule or GENERAL_RULE
    try:
        rule = rule_on(wanted, occasion.trigger)
        own = rule if owed.rule is None else rule_on(owed.rule, occasion.trigger)
    except NoSuchRule as refusal:
        faults = (*faults, Fault("/rule", refusal.detail, refusal.code))
    else:
        if rule != own:
            text = Text(
                f"目录规定此事项适用 {owed.rule}，不能改用 {rule.id}。",
                f"The catalogue says that {owed.rule} holds; it cannot be {rule.id}.",
            )
            faults = (*faults, Fault("/rule", text, "other-rule"))
    if faults:
        raise InvalidOccasion(*_joined(faults), faults)
    return wanted


def _personal(word: Word) -> Iterator[Fault]:
    """Yield the faults of texts that are public as soon as they are recorded."""
    for pointer, text in (("/url", word.url), ("/basis", word.basis), ("/reason", word.reason)):
        yield from personal_faults(pointer, text or "")


def _check_word(faults: tuple[Fault, ...]) -> None:
    if faults:
        raise InvalidFulfilment(*_joined(faults), faults)


def _joined(faults: tuple[Fault, ...]) -> Text:
    return Text(
        "".join(each.detail.zh for each in faults), " ".join(each.detail.en for each in faults)
    )


def _released_on(session: Session, owed: Obligation, word: Word) -> date:
    """Return the day of the release that a word names.

    Raises:
        InvalidFulfilment: it is not the agency's own, not public, or of another collection.
    """
    dataset, number = word.dataset or "", min(word.release or 0, MAX_NUMBER)
    of = catalogue.named(session, {dataset}).get(dataset)
    day = public_day(session, dataset, number) if of and of.agency.id == owed.agency else None
    if of is not None and day is not None and owed.collection not in (None, of.collection):
        text = Text(
            f"此事项对应数据类别 {owed.collection}，{dataset} 属于 {of.collection}。",
            f"The obligation is met by {owed.collection}; {dataset} is of {of.collection}.",
        )
        _check_word((Fault("/dataset", text, "other-collection"),))
    if day is None:
        text = Text(
            f"本机关没有公开的发布版本 {dataset}@{number}，转录他人数据的不算；"
            "公开于他处的，请用 document。",
            f"The agency has no public release {dataset}@{number} of its own, and transcribing "
            "others' data is none; what is public elsewhere is a document.",
        )
        _check_word((Fault("/release", text, "release-needed"),))
    assert day is not None  # noqa: S101 - refused just before.
    return day


def _said_before(
    session: Session, owed: Obligation, saying: tuple[str, Word], now: datetime
) -> Sequence[Word]:
    """Return the words on a case so far, in the turn of whoever speaks.

    Raises:
        NoSuchCase: there is no such case.
        InvalidFulfilment: it would be met before it was owed.
    """
    occasion, word = saying
    # What another process recorded may carry a later moment than ours: in turn, all of it counts.
    known = facts(session, [owed], None)
    recorded = known.occasions.get(owed.id, ())
    if not is_case(owed, [each.name for each in recorded], occasion, local_day(now)):
        raise NoSuchCase(
            f"此事项没有“{occasion[:MAX_NAME]}”这一期或这一次；请先记录（occasions）。",
            f"The obligation has no period or occasion {occasion[:MAX_NAME]}; record it first "
            "(occasions).",
        )
    _check_word(early_faults(word, since(owed, occasion, recorded)))
    return known.words.get(owed.id, {}).get(occasion, ())


def _as_row(owed: Obligation, word: Word, actor: Actor, now: datetime) -> FulfilmentRow:
    return FulfilmentRow(
        id=uuid4(),
        agency_id=owed.agency,
        obligation=owed.id,
        kind=word.kind,
        dataset_id=word.dataset,
        release=word.release,
        url=word.url,
        fulfilled_on=word.on,
        basis=word.basis,
        reason=word.reason,
        person_id=actor.person_id,
        key_id=actor.key_id,
        recorded_at=now,
    )
