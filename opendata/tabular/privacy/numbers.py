"""Identifiers that are numbers: of mobile telephones and bank cards, and of residents.

A number is looked at with all that is joined to it: what is part of a longer code is none.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from stdnum import luhn

from opendata.domain.privacy import Kind
from opendata.tabular.privacy.residents import is_resident_number, residents_in
from opendata.tabular.privacy.signs import Sign

# Groups of digits joined by spaces or dashes, and by no letter: 110101 19900307 123X.
_RUN = re.compile(
    r"(?<![0-9A-Za-z_])(?<![0-9A-Z]-)(?<![0-9][.,])"
    r"[0-9]+[Xx]?(?:[ -]{1,2}[0-9]+[Xx]?)*(?![0-9A-Za-z_])(?!-[0-9A-Za-z])"
)
_PARTS = re.compile(r"([ -]*)([0-9]+[Xx]?)")
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


class _Run(NamedTuple):
    """Groups of digits, what joins each to the one before, and the text around them."""

    groups: Sequence[str]
    joints: Sequence[str]
    before: str
    after: str


def numbers_in(text: str, hint: str) -> Iterator[Sign]:
    """Yield the signs in a plain text; ``hint`` is what the column is called."""
    yield from residents_in(text, hint)
    for run in _runs(_URL.sub(" ", text) if "://" in text else text):
        if not _CODE_BEFORE.search(run.before) and not _AMOUNT_AFTER.match(run.after):
            yield from _telephones(run)
            yield from _cards(run)


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
    if several and is_issued(whole) and luhn.is_valid(whole):
        yield Sign(Kind.BANK_CARD, strong=True)
        return
    for at, group in enumerate(run.groups):
        is_person = is_resident_number(group, any_county=True)
        if is_issued(group) and not is_person and _stands_alone(run, at, lambda _: False):
            yield Sign(Kind.BANK_CARD, strong=True, failed=not luhn.is_valid(group))


def _is_card_layout(lengths: Sequence[int]) -> bool:
    """Whether digits are printed as on cards: in fours, or the issuer's six and the rest."""
    fours = all(each == 4 for each in lengths[:-1]) and 1 <= lengths[-1] <= 4
    return fours or (len(lengths) == 2 and lengths[0] == 6)


def is_issued(number: str) -> bool:
    """Whether a number begins, and is as long, as some issuer's cards."""
    if not number.isdigit():
        return False
    return any(len(number) in lengths and begin.match(number) for begin, lengths in _ISSUERS)


def _stands_alone(run: _Run, at: int, is_like: Callable[[int], bool]) -> bool:
    """Whether no dash joins a group to others, but for such as are like it."""
    left = at == 0 or "-" not in run.joints[at] or is_like(at - 1)
    last = at + 1 == len(run.groups)
    return left and (last or "-" not in run.joints[at + 1] or is_like(at + 1))
