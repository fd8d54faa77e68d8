"""Resident identity numbers: alone, split, or joined to what does not belong to them.

A check digit, a birthday and a county tell 18 digits from nearly every code, so that neither a
letter before them nor a line break among them hides them; what is much longer is a code.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from stdnum import numdb
from stdnum.cn import ric, uscc

from opendata.domain.privacy import Kind
from opendata.tabular.privacy.signs import Sign

_LENGTH, _OLD_LENGTH = 18, 15
_ABOUT = re.compile(
    r"身份|证件|公民号|居民证|居[住留]证|残疾|学籍"
    r"|[iI][dD][ _-]?(?:card|no)|(?<![A-Za-z_])ID(?=[0-9: ])"
)
_SAID = re.compile(
    r"(?:身份|(?<!执法)(?<!许可)证件|公民号|居民证|居住证|驾驶证)[^0-9A-Za-z。;]{0,10}$"
)
# What is called so has 15 digits as well, and may hold six that look like a birthday.
_REGISTERED = re.compile(
    r"(?:注册号?|登记号?|税号|信用代码|机构代码|reg_no|tax_no)[\s:为是(A-Za-z\u4e00-\u9fff]{0,3}$"
)
_CODE_BEFORE, _CODE_AFTER = re.compile(r"[0-9A-Z]-$|[0-9][.,]$|_$"), re.compile(r"-[0-9A-Za-z]|_")
_TOKEN = re.compile(r"[0-9A-Za-z]{15,}")
_DIGITS = re.compile(r"[0-9]{17,}")
_SPLIT = re.compile(r"(?<![0-9])[0-9]+[Xx]?(?:[\s_.·/-]{1,3}[0-9]+[Xx]?)+")
_GROUP = re.compile(r"[0-9]+[Xx]?")
_LETTERS = re.compile(r"[A-Za-z]{2,}-?$")
# Two digits follow the number on the card of a person with disabilities.
_MOST_EXTRA = 2
_FEW_DIGITS = re.compile(rf"[0-9]{{0,{_MOST_EXTRA + 1}}}")
_BEFORE = 20
_PROVINCES = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)))
) | frozenset(map(str, (*range(61, 66), 71, 81, 82, 83)))
# Permits of residents of Hong Kong, Macao and Taiwan are numbered alike.
_PERMITS = frozenset({"810000", "820000", "830000"})
EARLIEST, LATEST = 1880, 2099


def residents_in(text: str, hint: str) -> Iterator[Sign]:
    """Yield the signs of such numbers in a plain text; ``hint`` is what its column is called."""
    about = bool(_ABOUT.search(hint) or _ABOUT.search(text))
    for found in _TOKEN.finditer(text):
        token, before = found[0], _before(found) or hint
        if len(token) == _OLD_LENGTH:
            if about or not (_CODE_BEFORE.search(before) or _CODE_AFTER.match(text, found.end())):
                yield from _old(token, before, about)
        elif len(token) >= _LENGTH:
            yield from _joined(token, before, about)
    for found in _SPLIT.finditer(text):
        if len(found[0]) > _OLD_LENGTH:
            yield from _split(found, hint, about)


def is_resident_number(number: str, *, any_county: bool = False) -> bool:
    """Whether 18 characters are a resident identity number by GB 11643-1999.

    The county must be one that is or was, or with ``any_county`` at least the province. Permits
    of permanent residence from 2023 on begin with 9 and a province.
    """
    if not _is_shaped(number) or ric.calc_check_digit(number) != number[17].upper():
        return False
    return number[0] == "9" or any_county or is_county(number[:6])


def _is_shaped(number: str) -> bool:
    """Whether 18 characters have a province and a birthday where such numbers have them."""
    if len(number) != _LENGTH or not number[:17].isdigit() or _birth(number[6:14]) is None:
        return False
    return (number[1:3] if number[0] == "9" else number[:2]) in _PROVINCES


def _joined(token: str, before: str, about: bool) -> Iterator[Sign]:
    """Yield the numbers in letters and digits that nothing divides."""
    if len(token) == _LENGTH:
        if is_resident_number(token, any_county=about):
            # A unified code may hold a birthday too, and every organisation's begins with 9.
            if about or token[0] != "9" or not uscc.is_valid(token):
                yield Sign(Kind.RESIDENT_ID, strong=True)
        elif _is_shaped(token) and _SAID.search(before):
            yield Sign(Kind.RESIDENT_ID, strong=False)
        return
    most = _MOST_EXTRA if about else 1
    for start, extra in _places(token, most):
        if extra <= most and is_resident_number(token[start : start + _LENGTH]):
            one_letter = not extra and start <= 1 and len(token) <= start + _LENGTH + 1
            yield Sign(Kind.RESIDENT_ID, strong=about or one_letter)


def _places(token: str, most: int) -> Iterator[tuple[int, int]]:
    """Yield where 17 digits and one more sign stand, after ``most`` digits of their run at most.

    With each, how many digits stand beside them. A run has few such places, however long it is.
    """
    for run in _DIGITS.finditer(token):
        for start in range(run.start(), min(run.start() + most, run.end() - _LENGTH + 1) + 1):
            if token[start + _LENGTH - 1 : start + _LENGTH] in {*"0123456789Xx"}:
                after = _FEW_DIGITS.match(token, start + _LENGTH)
                yield start, start - run.start() + (len(after[0]) if after else 0)


def _split(run: re.Match[str], hint: str, about: bool) -> Iterator[Sign]:
    """Yield the numbers of which spaces, line breaks or dashes divide the digits."""
    groups, before = _GROUP.findall(run[0]), _before(run)
    for number, whole in _windows(groups, _LENGTH):
        if is_resident_number(number, any_county=about and whole):
            yield Sign(Kind.RESIDENT_ID, strong=about or not _LETTERS.search(before))
    if _SAID.search(before or hint):
        for number, whole in _windows(groups, _OLD_LENGTH):
            if whole and _is_old_resident(number, about):
                yield Sign(Kind.RESIDENT_ID, strong=True)


def _before(found: re.Match[str]) -> str:
    return found.string[max(0, found.start() - _BEFORE) : found.start()]


def _old(number: str, before: str, about: bool) -> Iterator[Sign]:
    if number.isdigit():
        is_called_so = _SAID.search(before) or not _REGISTERED.search(before)
        is_one = bool(is_called_so) and _is_old_resident(number, about)
        yield Sign(Kind.RESIDENT_ID, strong=about and is_one, failed=not is_one)


def _is_old_resident(number: str, about_identity: bool) -> bool:
    """Whether 15 digits are a number of before 1999, which has no check digit.

    Numbers of companies (region, serial number, check digit by ISO 7064) and of taxpayers (region,
    organisation code) are as long; unless something speaks of identity the doubt is theirs.
    """
    if not number.isdigit() or _birth("19" + number[6:12]) is None or not is_county(number[:6]):
        return False
    return about_identity or not (_is_company(number) or _is_taxpayer(number))


def _is_company(number: str) -> bool:
    product = 10
    for digit in number[:14]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(number[14])) % 10 == 1


def _is_taxpayer(number: str) -> bool:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(each) * weight for each, weight in zip(number[6:14], weights, strict=True))
    return (11 - total % 11) % 11 == int(number[14])


def _windows(groups: Sequence[str], length: int) -> Iterator[tuple[str, bool]]:
    """Yield several groups that have so many characters together, and whether they are all."""
    for start in range(len(groups)):
        joined = ""
        for end in range(start, len(groups)):
            joined += groups[end]
            if len(joined) >= length:
                if len(joined) == length and end > start:
                    yield joined, start == 0 and end + 1 == len(groups)
                break


def _birth(digits: str) -> date | None:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=10_000)
def is_county(code: str) -> bool:
    """Whether six digits are, or were, those of a county, or of who has a permit instead."""
    return code in _PERMITS or any("county" in told for _, told in numdb.get("cn/loc").info(code))
