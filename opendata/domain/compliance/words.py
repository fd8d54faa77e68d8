"""Words on a case: which of them counts, and which may be said."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import urlsplit

from opendata.domain.compliance.model import (
    Kind,
    NothingToAnnul,
    Obligation,
    Occasion,
    OccasionTooLate,
    Word,
)
from opendata.domain.compliance.periods import BEGINNING, period_named, periods
from opendata.domain.compliance.terms import Term, runs_from_the_end
from opendata.domain.errors import Fault, Text

MAX_NAME = 100
MAX_TEXT = 2000
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def standing(words: Sequence[Word]) -> Word | None:
    """Return the word that counts: the last one that no annulment has taken back.

    >>> standing([Word(Kind.DOCUMENT), Word(Kind.EXEMPTION), Word(Kind.ANNULMENT)]).kind
    <Kind.DOCUMENT: 'document'>
    """
    left: list[Word] = []
    for each in words:
        if each.kind is not Kind.ANNULMENT:
            left.append(each)
        elif left:
            left.pop()
    return left[-1] if left else None


def check_may_follow(word: Word, words: Sequence[Word]) -> None:
    """Raise ``NothingToAnnul`` where an annulment would take back nothing."""
    if word.kind is Kind.ANNULMENT and standing(words) is None:
        raise NothingToAnnul(
            "此事项没有可以撤销的说明。", "Nothing is said of this case that could be taken back."
        )


def is_case(obligation: Obligation, recorded: Sequence[str], name: str, on: date) -> bool:
    """Whether an occasion is a case on a day: recorded, or a period that has begun."""
    if name in recorded:
        return True
    span = period_named(obligation.frequency, name)
    owed = periods(obligation.frequency, obligation.since, obligation.until, on)
    return span is not None and span in owed


def occasion_faults(occasion: Occasion, obligation: Obligation, today: date) -> tuple[Fault, ...]:
    """Return what is wrong in an occasion by itself; its rule is looked up elsewhere."""
    return tuple(_of_occasion(occasion, obligation, today))


def word_faults(word: Word, today: date) -> tuple[Fault, ...]:
    """Return what is wrong in a word by itself; whether its release is public, facts say."""
    return (*_of_release(word), *_of_document(word, today), *_of_reasons(word))


def since(obligation: Obligation, name: str, recorded: Sequence[Occasion]) -> date | None:
    """Return the day before which a case cannot have been met, if it is one.

    It is the first day of its period where the term runs from that period's end, else its trigger.
    """
    occasion = next((each for each in recorded if each.name == name), None)
    span = period_named(obligation.frequency, name)
    if occasion is None:
        return None if span is None else span.first
    if span is None or not runs_from_the_end(occasion.rule):
        return occasion.trigger
    return min(span.first, occasion.trigger)


def is_early(word: Word, earliest: date | None) -> bool:
    """Whether a case would be met by a word before it was owed: ``earliest`` is as ``since`` says.

    >>> is_early(Word(Kind.DOCUMENT, on=date(2025, 1, 16)), date(2025, 1, 17))
    True
    """
    return word.on is not None and earliest is not None and word.on < earliest


def early_faults(word: Word, earliest: date | None) -> tuple[Fault, ...]:
    """Return what is wrong in a word by which a case would be met before it was owed."""
    if not is_early(word, earliest):
        return ()
    text = Text(
        f"公开日 {word.on} 早于 {earliest}：时段首日，或所记的起算日。",
        f"It was disclosed on {word.on}, before {earliest}: the period's first day, or the trigger "
        "that was recorded.",
    )
    pointer = "/release" if word.kind is Kind.RELEASE else "/fulfilled_on"
    return (Fault(pointer, text, "date-out-of-range"),)


def after_the_end(occasion: Occasion, obligation: Obligation) -> tuple[Fault, ...]:
    """Return what is wrong in an occasion that puts off a term which runs from a period's end."""
    span = period_named(obligation.frequency, occasion.name)
    if span is None or occasion.trigger <= span.last or not runs_from_the_end(occasion.rule):
        return ()
    text = Text(
        f"此期的期限自时段末日起算，起算日不能晚于 {span.last}。",
        f"The term of this period runs from its end: the trigger is not after {span.last}.",
    )
    return (Fault("/trigger_date", text, "date-out-of-range"),)


def check_not_put_off(old: Term, new: Term, today: date) -> None:
    """Raise ``OccasionTooLate`` where a term that has ended would end later."""
    if old.rolled is None or not old.is_late(today):
        return
    if new.rolled is not None and new.rolled <= old.rolled:
        return
    text = Text(
        f"期限已于 {old.rolled} 届满，此后不能再记录更晚的起算日。",
        f"The term ended on {old.rolled}; nothing recorded after that makes it end later.",
    )
    raise OccasionTooLate(*text, (Fault("/trigger_date", text, OccasionTooLate.code),))


def is_https(url: str) -> bool:
    """Whether an address has the form of one on the web, with TLS; nobody is asked there.

    >>> is_https("https://www.example.gov.cn/a?b=1"), is_https("http://www.example.gov.cn/")
    (True, False)
    """
    if len(url) > MAX_TEXT or _UNSEEN.search(url):
        return False
    try:
        found = urlsplit(url)
        found.port  # noqa: B018 - it is read where it is asked for, and raises if it is none.
    except ValueError:
        return False
    named = "." in (found.hostname or "").strip(".") or ":" in (found.hostname or "")
    return found.scheme == "https" and named and "@" not in found.netloc


def _of_occasion(occasion: Occasion, obligation: Obligation, today: date) -> Iterator[Fault]:
    if not 0 < len(occasion.name) <= MAX_NAME or not _is_one_line(occasion.name):
        text = Text(
            f"场合名称应为 1 至 {MAX_NAME} 个字符，首尾无空白，不含控制字符。",
            f"An occasion's name has 1 to {MAX_NAME} characters, none of them blank at its ends "
            "or a control character.",
        )
        yield Fault("/occasion", text, "invalid-value")
    earliest = max(BEGINNING, obligation.since)
    latest = min(today, obligation.until or today)
    if not earliest <= occasion.trigger <= latest:
        text = Text(
            f"起算日应在 {earliest} 至 {latest} 之间：事项有效期内，且不晚于今天。",
            f"The trigger date lies between {earliest} and {latest}: while the obligation is in "
            "force, and not after today.",
        )
        yield Fault("/trigger_date", text, "date-out-of-range")


def _is_one_line(name: str) -> bool:
    return name == name.strip() and not _UNSEEN.search(name.replace(" ", "").replace("　", ""))


def _of_release(word: Word) -> Iterator[Fault]:
    wanted = word.kind is Kind.RELEASE
    for pointer, given in (("/dataset", word.dataset), ("/release", word.release)):
        if (given is not None) is not wanted:
            text = Text(
                "release 须写明数据集和发布版本，其他不写。",
                "release, and nothing else, names a dataset and its release.",
            )
            yield Fault(pointer, text, "release-needed" if wanted else "misplaced-value")


def _of_document(word: Word, today: date) -> Iterator[Fault]:
    if word.kind is not Kind.DOCUMENT:
        for pointer, given in (("/url", word.url), ("/fulfilled_on", word.on)):
            if given is not None:
                text = Text("只有 document 才写这一项。", "Only document has it.")
                yield Fault(pointer, text, "misplaced-value")
        return
    if not is_https(word.url or ""):
        text = Text(
            f"请给出文件的 https 网址，不超过 {MAX_TEXT} 个字符，不含用户名和空白。",
            f"Give the document's https address: at most {MAX_TEXT} characters, without a user "
            "name or blanks.",
        )
        yield Fault("/url", text, "https-needed")
    if word.on is None or not BEGINNING <= word.on <= today:
        text = Text(
            f"请写明文件公开的日期，应在 {BEGINNING} 至今天之间。",
            f"Say on which day the document was made public, from {BEGINNING} until today.",
        )
        yield Fault("/fulfilled_on", text, "date-out-of-range")


def _of_reasons(word: Word) -> Iterator[Fault]:
    exempt = word.kind is Kind.EXEMPTION
    if exempt and not word.basis.strip():
        text = Text("免予公开须写明依据。", "An exemption names its legal basis.")
        yield Fault("/basis", text, "basis-required")
    if (exempt or word.kind is Kind.ANNULMENT) and not word.reason.strip():
        text = Text("须说明理由。", "It gives its reason.")
        yield Fault("/reason", text, "reason-required")
