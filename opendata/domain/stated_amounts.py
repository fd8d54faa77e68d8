"""Amounts of money in Chinese prose: ``罚款人民币伍万元``, ``罚款2.5万元``."""

import re
from decimal import Decimal

_DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "〇": 0,
    "两": 2,
    "貳": 2,
    "叄": 3,
    "陸": 6,
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_NUMERALS = "".join([*_DIGITS, *_TENS, *_MYRIADS])
# What may stand between the word for a fine and its amount.
_FINE = re.compile(
    r"罚款(?:人民币|[(（][大小]写[)）]|金额|数额|共计|合计|总计|各|计|为|是|[:：,，\s¥￥])*"
    rf"(?:(?P<figures>[0-9][0-9,，]*(?:\.[0-9]+)?)(?P<scale>[百千万亿]*)|(?P<words>[{_NUMERALS}]+))"
    r"\s*(?:元|圆)(?:(?P<jiao>[零壹贰叁肆伍陆柒捌玖一二三四五六七八九])角)?"
    r"(?:零?(?P<fen>[壹贰叁肆伍陆柒捌玖一二三四五六七八九])分)?"
)
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def fines_stated(text: str) -> tuple[Decimal, ...]:
    """Return the amounts that a text names as fines, in 元, in the order of the text.

    >>> fines_stated("1.警告;2.罚款人民币壹万贰仟元整(¥12,000.00)。")
    (Decimal('12000'),)
    >>> fines_stated("处罚款2.5万元"), fines_stated("责令改正")
    ((Decimal('25000.0'),), ())
    """
    return tuple(amount for match in _FINE.finditer(text) if (amount := _amount(match)) is not None)


def chinese_number(words: str) -> int | None:
    """Read a whole number in Chinese numerals, plain or formal; ``None`` if it is none.

    >>> chinese_number("十二万三千"), chinese_number("壹佰零伍"), chinese_number("万")
    (123000, 105, None)
    """
    total, section, digit = 0, 0, None
    for word in words:
        if word in _DIGITS:
            digit = _DIGITS[word]
        elif word in _TENS:
            section += (1 if digit is None and section == 0 else digit or 0) * _TENS[word]
            digit = None
        else:
            section += digit or 0
            if total + section == 0:
                return None
            unit = _MYRIADS[word]
            # 一亿二千万 is 一亿 and 二千万, 一万亿 is 亿 ten thousand times.
            total = total + section * unit if total > unit else (total + section) * unit
            section, digit = 0, None
    return total + section + (digit or 0)


def _amount(match: re.Match[str]) -> Decimal | None:
    if match["figures"]:
        amount = Decimal(re.sub("[,，]", "", match["figures"]))
        for scale in match["scale"]:
            amount *= _SCALES[scale]
    else:
        number = chinese_number(match["words"])
        if number is None:
            return None
        amount = Decimal(number)
    jiao, fen = match["jiao"], match["fen"]
    if jiao or fen:
        amount += Decimal(_DIGITS.get(jiao or "零", 0) * 10 + _DIGITS.get(fen or "零", 0)) / 100
    return amount
