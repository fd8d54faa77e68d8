"""Shapes of cells: what the close look tells of one cell it tells of every cell of the same shape.

A telephone number is in every row another, and so are the names beside it; none of that changes
what is found. Whole columns are brought to their shapes at once, and one cell of each is looked
at. A cell of which this is not certain is a shape of its own.
"""

import re
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from opendata.tabular.privacy import documents, markings, numbers, residents, words
from opendata.tabular.privacy.numbers import is_issued
from opendata.tabular.privacy.residents import EARLIEST, LATEST, is_county

# In the place of a telephone number, a resident's number, 15 digits that are none; a card's number
# by its check digit, and one of no issuer.
_MOBILE, _RESIDENT, _NONE = "\ue001", "\ue002", "\ue003"
_CARDS = {"passed": "\ue004", "failed": "\ue005", "other": "\ue006"}
_START, _END = "(^|[^0-9A-Za-z])", "($|[^0-9A-Za-z])"
_MOBILES = f"{_START}1[3-9][0-9]{{9}}{_END}"
_EIGHTEEN = f"{_START}([0-9]{{17}}[0-9X]){_END}"
_CARD = f"{_START}([0-9]{{16}})([0-9]|[0-9]{{3}}|){_END}"
_FIFTEEN = f"{_START}([1-9][0-9]{{14}}){_END}"
# Letters and what may join digits make a shape of its own, as do digits that may be a date or
# something longer than a telephone number.
_OWN = (
    r"[^0-9\x{4E00}-\x{9FFF}，。、；：（）？！“”《》〔〕【】:;,()?!\x{E001}-\x{E006}X]|[^\x{E002}]X|^X"
    r"|[0-9]{13}|(?:^|[^0-9])(?:19|20)[0-9]{2}[01][0-9][0-3][0-9](?:$|[^0-9])"
)
_MAILBOX = r"^[A-Za-z]{1,20}[0-9]{0,6}@((?:[A-Za-z0-9]{1,8}\.){1,3}[A-Za-z]{2,6})$"
_WEIGHTS = np.array([2 ** (17 - at) % 11 for at in range(17)])
_CHECK_DIGITS = np.frombuffer(b"10X98765432", np.uint8)
_LENGTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
Flags = npt.NDArray[np.bool_]
Digits = npt.NDArray[np.int64]


def shapes_of(cells: pl.Series) -> pl.Series:
    """Return the shape of each cell; no two with the same shape hold different signs."""
    text = pl.col("text")
    shaped = (
        pl.DataFrame({"text": cells, "shape": _without_numbers(cells)})
        .with_columns(mailbox=text.str.extract(_MAILBOX), own=_is_own())
        .select(
            pl.when(pl.col("mailbox").is_not_null() & ~text.str.contains("(?i)passport"))
            .then("@" + pl.col("mailbox"))
            .when("own")
            .then("=" + text)
            .otherwise("~" + pl.col("shape").str.replace_all(_OTHER_HAN, "龘"))
        )
        .to_series()
    )
    digits = shaped.str.starts_with("~")
    return shaped.zip_with(~digits, shaped.str.replace_all("[0-9]", "0"))


def _is_own() -> pl.Expr:
    return pl.col("shape").str.contains(_OWN) | pl.col("text").str.contains(r"[\x{E000}-\x{E00F}]")


def _without_numbers(cells: pl.Series) -> pl.Series:
    """Put a sign in the place of numbers of which the digits do not matter any more."""
    persons = _at(cells.str.extract(_EIGHTEEN, 2), _are_residents)
    texts = _put(cells, _EIGHTEEN, _RESIDENT, r"X${3}", persons)
    for _ in range(2):
        # Of two that one sign divides the second is left by the first pass.
        texts = texts.str.replace_all(_MOBILES, r"${1}" + _MOBILE + r"${2}")
    none = _at(texts.str.extract(_FIFTEEN, 2), _have_no_birthday)
    return _without_card(_put(texts, _FIFTEEN, _NONE, r"${3}", none))


def _without_card(texts: pl.Series) -> pl.Series:
    """Put a sign in the place of a card's first 16 digits, where no resident's number is in it."""
    cards = texts.str.extract(_CARD, 2) + texts.str.extract(_CARD, 3)
    if not cards.count():
        return texts
    # Permits of permanent residence begin with 9, and no county tells them.
    person = cards.str.contains("^.?9").fill_null(value=False)
    person |= _at(cards.str.extract(r"^(.{18}).$"), _are_residents)
    person |= _at(cards.str.extract(r"^.(.{18})$"), _are_residents)
    # What the issuers' patterns need: how many digits there are, and the first six.
    begun = pl.DataFrame({"begin": cards.str.head(6), "more": cards.str.len_bytes() - 6})
    kinds = begun.unique().drop_nulls()
    issued = [is_issued(begin + "0" * more) for begin, more in kinds.iter_rows()]
    is_one = begun.join(
        kinds.with_columns(issued=pl.Series(issued, dtype=pl.Boolean)),
        on=["begin", "more"],
        how="left",
        maintain_order="left",
    )["issued"].fill_null(value=False)
    passed = pl.Series(dtype=pl.Boolean, values=[False] * len(cards))
    for length in (16, 17, 19):
        of_length = cards.str.extract(f"^([0-9]{{{length}}})$")
        passed |= _at(of_length, _pass_luhn)
    shown = {"passed": is_one & passed, "failed": is_one & ~passed, "other": ~is_one}
    for name, where in shown.items():
        told = where & ~person & cards.is_not_null()
        texts = _put(texts, _CARD, _CARDS[name], r"${3}${4}", told)
    return texts


def _put(texts: pl.Series, pattern: str, sign: str, rest: str, where: pl.Series) -> pl.Series:
    """Put ``sign`` in the place of the first number with a pattern, and ``rest`` after it."""
    if not where.any():
        return texts
    return texts.zip_with(~where, texts.str.replace(pattern, r"${1}" + sign + rest))


def _at(numbers: pl.Series, judge: Callable[[Digits], Flags]) -> pl.Series:
    """Return where there is a number of which ``judge`` says yes."""
    told = numbers.is_not_null().to_numpy().copy()
    if told.any():
        joined = "".join(numbers.drop_nulls().to_list()).encode()
        characters = np.frombuffer(joined, np.uint8).astype(np.int64)
        told[told] = judge(characters.reshape(int(told.sum()), -1) - ord("0"))
    return pl.Series(told)


def _are_residents(digits: Digits) -> Flags:
    """Return which rows of 18 are ``is_resident_number``; of permits that begin with 9, none."""
    check = _CHECK_DIGITS[digits[:, :17] @ _WEIGHTS % 11] - ord("0")
    found = (check == digits[:, 17]) & _have_day(_joined(digits[:, 6:10]), digits[:, 10:14])
    regions = _joined(digits[:, :6])
    counties = [each for each in np.unique(regions[found]) if is_county(f"{each:06}")]
    persons: Flags = found & np.isin(regions, counties)
    return persons


def _pass_luhn(digits: Digits) -> Flags:
    doubled = digits[:, -2::-2] * 2
    total = digits[:, ::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    passed: Flags = total % 10 == 0
    return passed


def _have_no_birthday(digits: Digits) -> Flags:
    return ~_have_day(1900 + _joined(digits[:, 6:8]), digits[:, 8:12])


def _have_day(years: Digits, rest: Digits) -> Flags:
    months, days = _joined(rest[:, :2]), _joined(rest[:, 2:])
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    lengths = _LENGTHS[np.where(months <= 12, months, 0)] + (leap & (months == 2))
    found: Flags = (years >= EARLIEST) & (years <= LATEST) & (days >= 1) & (days <= lengths)
    return found


def _joined(digits: Digits) -> Digits:
    """Return the numbers that the digits of each row are."""
    return digits @ (10 ** np.arange(digits.shape[1])[::-1])


def _han_of(value: object) -> Iterator[str]:
    """Yield the characters that a pattern, or a piece of one, names."""
    if isinstance(value, re.Pattern):
        value = value.pattern
    if isinstance(value, str):
        yield from re.findall(r"[\u4e00-\u9fff]", value)
    elif isinstance(value, tuple):
        for each in value:
            yield from _han_of(each)


_NAMED = {
    han
    for module in (documents, markings, numbers, residents, words)
    for value in vars(module).values()
    for han in _han_of(value)
}
# No pattern knows these characters from one another.
_OTHER_HAN = f"[\\x{{4E00}}-\\x{{9FFF}}--[{''.join(sorted(_NAMED))}]]"
