"""Treatments: what publication does to a column of personal data, and what is left of it.

Nothing of it can be undone by whoever has only what is public: what is taken out is gone, and a
hash needs a secret that never leaves the platform.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opendata.domain.errors import Text


class Treatment(StrEnum):
    """What publication does to a column of personal data."""

    DROP = "drop"
    MASK = "mask"
    GENERALISE = "generalise"
    HASH = "hash"


class Level(StrEnum):
    """What of a value is left where it is generalised."""

    YEAR = "year"
    MONTH = "month"
    PROVINCE = "province"
    CITY = "city"


# Which columns can be generalised exactly, and to what.
LEVELS: Mapping[str, tuple[Level, ...]] = {
    "date": (Level.YEAR, Level.MONTH),
    "string": (Level.PROVINCE, Level.CITY),
}
# What few values a column may have tells them apart by how often they occur.
HASHABLE = ("string", "integer", "date")
# Han characters, in a class that Python and Rust read alike: written as they are.
_HAN = "".join(
    f"{chr(first)}-{chr(last)}"
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
)
HAN = f"[〇{_HAN}]"
# Whole texts: a name that is hidden already; one of two characters, or with 某 for all but one; one
# of more, perhaps with the dots of a translated one.
MASKED = rf"{HAN}\*{HAN}?"
SHORT = f"({HAN})(?:{HAN}|某+)"
LONG = f"({HAN})[{HAN[1:-1]}·•・‧]+({HAN})"
NOTHING = "*"
HASH_LENGTH = 52
# Of nothing: it only shows what a hash looks like.
_HASH_EXAMPLE = "k4bxmmsrq5zqo2e7tnlaw6vhd3pycgjfu4xirbo5mt2zkq7nelsa"
_REGION_DIGITS = {Level.PROVINCE: 2, Level.CITY: 4}
REGION_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Handling:
    """How one column is treated; ``to`` says what is left where it is generalised."""

    treatment: Treatment
    to: Level | None = None

    def __str__(self) -> str:
        """Return what it is called in everything that is published: ``generalise:year``."""
        return self.treatment if self.to is None else f"{self.treatment}:{self.to}"

    @property
    def text(self) -> Text:
        """Say to readers what was done."""
        return _TEXTS[str(self)]

    @property
    def region_digits(self) -> int:
        """How many digits of a region code are left."""
        return 0 if self.to is None else _REGION_DIGITS.get(self.to, 0)

    def type_of(self, kind: str) -> str:
        """Return the type of what is left of a column of some type."""
        return "year" if self.to is Level.YEAR else "string"

    def example(self, text: str) -> str:
        """Return the published example: the contract's own, treated."""
        if self.treatment is Treatment.MASK:
            return masked(text)
        if self.treatment is Treatment.HASH:
            return _HASH_EXAMPLE
        if self.region_digits:
            return generalised_region(text, self.region_digits)
        day = date.fromisoformat(text)
        return f"{day:%Y}" if self.to is Level.YEAR else f"{day:%Y-%m}"


_TEXTS: Mapping[str, Text] = {
    "drop": Text("此列不公布。", "This column is not published."),
    "mask": Text(
        "公布时已隐去部分字：姓名只留首字，三个字以上的另留末字；其他内容全部隐去。",
        "Masked on publication: of a name the first character is left, and the last of three or "
        "more; of anything else nothing.",
    ),
    "hash": Text(
        "公布的是带密钥的摘要：同一数据集内相同的值摘要相同，不能还原，也不能与其他数据集对照。",
        "A keyed digest is published: equal values of one dataset have equal digests, which cannot "
        "be reversed, nor compared with those of other datasets.",
    ),
    "generalise:year": Text("公布时只保留年份。", "Only the year is published."),
    "generalise:month": Text("公布时只保留年月。", "Only year and month are published."),
    "generalise:province": Text(
        "公布时只保留省级行政区划代码。", "Only the province of the region code is published."
    ),
    "generalise:city": Text(
        "公布时只保留省、地两级行政区划代码。",
        "Only province and prefecture of the region code are published.",
    ),
}


def masked(text: str) -> str:
    """Return what is left of a masked text.

    Of a name in Han characters the first is left, and the last of three or more, as natural
    persons are written where penalties are published (双公示). One star stands for all that is
    hidden, however long it was. Of what is no such name (a number, an address, a Latin name)
    nothing is left, as anything might tell.

    >>> [masked(each) for each in ("张三", "张小三", "欧阳小三", "买买提·艾力")]
    ['张*', '张*三', '欧*三', '买*力']
    >>> [masked(each) for each in ("李某", "王某某", "张*三", "张", "Zhang San", "110101…", "")]
    ['李*', '王*', '张*三', '*', '*', '*', '*']
    """
    if re.fullmatch(MASKED, text):
        return text
    if found := re.fullmatch(SHORT, text):
        return f"{found[1]}{NOTHING}"
    if found := re.fullmatch(LONG, text):
        return f"{found[1]}{NOTHING}{found[2]}"
    return NOTHING


def generalised_region(code: str, digits: int) -> str:
    """Return a region code of GB/T 2260 of which only the first ``digits`` are left.

    >>> generalised_region("330106", 4), generalised_region("330106", 2)
    ('330100', '330000')
    """
    return code[:digits].ljust(REGION_LENGTH, "0")
