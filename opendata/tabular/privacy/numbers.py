"""Identifiers that are numbers: resident identity, mobile telephone and bank card numbers.

A number is looked at with all that is joined to it: what is part of a longer code is none.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from stdnum import luhn, numdb
from stdnum.cn import ric

from opendata.domain.privacy import Kind

# Groups of digits joined by spaces or dashes, and by no letter: 110101 19900307 123X.
_RUN = re.compile(
    r"(?<![0-9A-Za-z_])(?<![0-9A-Z]-)(?<![0-9][.,])"
    r"[0-9]+[Xx]?(?:[ -]{1,2}[0-9]+[Xx]?)*(?![0-9A-Za-z_])(?!-[0-9A-Za-z])"
)
_PARTS = re.compile(r"([ -]*)([0-9]+[Xx]?)")
_ABOUT_IDENTITY = re.compile(r"身份|证件|公民号|居民证|[iI][dD][ _-]?(?:card|no)")
_URL = re.compile(r"https?://[^\s\u4e00-\u9fff]+")
# What comes before a code that happens to look like a telephone number or a card.
_CODE_BEFORE = re.compile(
    r"(?:编号|编码|代码|单号|订单号?|流水号?|文号|案号|序列号|批次?号|许可证号?|注册号|登记号|档案号"
    r"|合同号?|项目号|发票号码?|凭证号?|条码|税号|备案号|证书号|户号|信用代码|QQ号?|第|[Nn][Oo]\.?|№|[¥$])"
    r"[\s:为是(]*$"
)
_AMOUNT_AFTER = re.compile(
    r"\s*(?:[元万亿千吨亩%米㎡件个次人股张份条只]|平方|立方|公里|公斤|千瓦|kW|m2|号文|[.,][0-9])"
)
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (3, 3, 5), (4, 3, 4), (3, 8), (7, 4)})
_SHORTEST = 11
_CHINA = frozenset({"86", "086", "0086"})
# Issuers by the first digits, and how long their numbers are: UnionPay, Visa, Mastercard, JCB,
# and the banks' own series from before UnionPay.
_ISSUERS = (
    (re.compile(r"62|60(?:1382|1428|3367)|623|955[89]"), range(16, 20)),
    (re.compile(r"4|5[1-5]|35(?:2[89]|[3-8])"), range(16, 17)),
)
_PROVINCES = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)))
) | frozenset(map(str, (*range(61, 66), 71, 81, 82, 83)))
# Permits of residents of Hong Kong, Macao and Taiwan are numbered alike.
_PERMITS = frozenset({"810000", "820000", "830000"})
_EARLIEST, _LATEST = 1880, 2099


class Sign(NamedTuple):
    """One sign of an identifier; ``strong``: no mere likeness.

    A number that has the shape of one and is none is told as ``failed``: a bank card's with a wrong
    check digit, 15 digits without a county and a birthday.
    """

    kind: Kind
    strong: bool
    failed: bool = False


class _Run(NamedTuple):
    """Groups of digits, what joins each to the one before, and the text around them."""

    groups: Sequence[str]
    joints: Sequence[str]
    before: str
    after: str


def numbers_in(text: str, hint: str) -> Iterator[Sign]:
    """Yield the signs in a plain text; ``hint`` is what the column is called."""
    runs = list(_runs(text))
    if not runs:
        return
    about_identity = _ABOUT_IDENTITY.search(hint) or _ABOUT_IDENTITY.search(text)
    for run in runs:
        yield from _resident(run, bool(about_identity))
    if "://" in text:
        runs = list(_runs(_URL.sub(" ", text)))
    for run in runs:
        if not _CODE_BEFORE.search(run.before) and not _AMOUNT_AFTER.match(run.after):
            yield from _telephones(run)
            yield from _cards(run)


def is_resident_number(number: str, *, any_county: bool = False) -> bool:
    """Whether 18 characters are a resident identity number by GB 11643-1999.

    The county must be one that is or was, or with ``any_county`` at least the province. Permits
    of permanent residence from 2023 on begin with 9 and a province.
    """
    if len(number) != 18 or not number[:17].isdigit():
        return False
    if _birth(number[6:14]) is None or ric.calc_check_digit(number) != number[17].upper():
        return False
    if number[0] == "9":
        return number[1:3] in _PROVINCES
    return number[:2] in _PROVINCES and (any_county or _is_county(number[:6]))


def _runs(text: str) -> Iterator[_Run]:
    if text.isascii() and text.isdigit():
        yield _Run([text], [""], "", "")
        return
    for found in _RUN.finditer(text):
        if found.end() - found.start() < _SHORTEST:
            continue
        parts = _PARTS.findall(found[0])
        if sum(len(digits) for _, digits in parts) >= _SHORTEST:
            start, end = found.span()
            before, after = text[max(0, start - 10) : start], text[end : end + 4]
            yield _Run([each for _, each in parts], [joint for joint, _ in parts], before, after)


def _resident(run: _Run, about_identity: bool) -> Iterator[Sign]:
    for number, whole in _windows(run, 18):
        if is_resident_number(number, any_county=about_identity and whole):
            yield Sign(Kind.RESIDENT_ID, strong=True)
    for number in run.groups:
        if len(number) == 15:
            is_one = _is_old_resident(number, about_identity)
            yield Sign(Kind.RESIDENT_ID, strong=about_identity and is_one, failed=not is_one)


def _is_old_resident(number: str, about_identity: bool) -> bool:
    """Whether 15 digits are a number of before 1999, which has no check digit.

    Numbers of companies (region, serial number, check digit by ISO 7064) and of taxpayers (region,
    organisation code) are as long; unless something speaks of identity the doubt is theirs.
    """
    if not number.isdigit() or _birth("19" + number[6:12]) is None or not _is_county(number[:6]):
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


def _telephones(run: _Run) -> Iterator[Sign]:
    groups = run.groups[1:] if run.groups[0] in _CHINA else run.groups
    whole = "".join(groups)
    if tuple(map(len, groups)) in _MOBILE_GROUPS and _MOBILE.fullmatch(whole):
        yield Sign(Kind.MOBILE, strong=True)
        return
    telephones = [_is_mobile(each) for each in run.groups]
    for at, found in enumerate(telephones):
        if found and _stands_alone(run, at, telephones.__getitem__):
            yield Sign(Kind.MOBILE, strong=True)


def _is_mobile(group: str) -> bool:
    if len(group) in (13, 15):
        group = re.sub(r"\A(?:00)?86", "", group)
    return _MOBILE.fullmatch(group) is not None


def _cards(run: _Run) -> Iterator[Sign]:
    whole = "".join(run.groups)
    several = len(run.groups) > 1 and _is_card_layout([len(each) for each in run.groups])
    if several and _is_issued(whole) and luhn.is_valid(whole):
        yield Sign(Kind.BANK_CARD, strong=True)
        return
    for at, group in enumerate(run.groups):
        is_person = is_resident_number(group, any_county=True)
        if _is_issued(group) and not is_person and _stands_alone(run, at, lambda _: False):
            yield Sign(Kind.BANK_CARD, strong=True, failed=not luhn.is_valid(group))


def _is_card_layout(lengths: Sequence[int]) -> bool:
    """Whether digits are printed as on cards: in fours, or the issuer's six and the rest."""
    fours = all(each == 4 for each in lengths[:-1]) and 1 <= lengths[-1] <= 4
    return fours or (len(lengths) == 2 and lengths[0] == 6)


def _is_issued(number: str) -> bool:
    if not number.isdigit():
        return False
    return any(len(number) in lengths and begin.match(number) for begin, lengths in _ISSUERS)


def _stands_alone(run: _Run, at: int, is_like: Callable[[int], bool]) -> bool:
    """Whether no dash joins a group to others, but for such as are like it."""
    left = at == 0 or "-" not in run.joints[at] or is_like(at - 1)
    last = at + 1 == len(run.groups)
    return left and (last or "-" not in run.joints[at + 1] or is_like(at + 1))


def _windows(run: _Run, length: int) -> Iterator[tuple[str, bool]]:
    """Yield successive groups that have so many characters together, and whether they are all."""
    for start in range(len(run.groups)):
        joined = ""
        for end in range(start, len(run.groups)):
            joined += run.groups[end]
            if len(joined) >= length:
                if len(joined) == length:
                    yield joined, start == 0 and end + 1 == len(run.groups)
                break


def _birth(digits: str) -> date | None:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=10_000)
def _is_county(code: str) -> bool:
    return code in _PERMITS or any("county" in told for _, told in numdb.get("cn/loc").info(code))
