"""Numbers of passports, permits and other identity documents, which have no check digit.

What tells them is a word: a document that is named, or a number that is called one of a document
(证件号). Licences, and the cards that officials show, are documents of another sort.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from opendata.domain.privacy import Kind
from opendata.tabular.privacy.residents import is_resident_number
from opendata.tabular.privacy.signs import Sign

_PERMIT = (
    r"(?:E[A-HJ-NP-Z] ?[0-9]{7}|[EGHK] ?[0-9]{8}|[DSP]E? ?[0-9]{7,8}|KJ ?[0-9]{7}"
    r"|C[A-Z0-9] ?[0-9]{7}|M[AB]? ?[0-9]{7,8}|[HM] ?[0-9]{10})"
)
_PERMITS = re.compile(rf"(?<![0-9A-Za-z_-]){_PERMIT}(?![0-9A-Za-z_-])", re.IGNORECASE)
_ORDINARY = re.compile(r"\s*(E[A-HJ-NP-Z] ?[0-9]{7}|E ?[0-9]{8})\s*")
_DATED = re.compile(r"E ?(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\s*")
_ABOUT_TRAVEL = re.compile(r"护照|通行证|旅行证|回乡证|台胞证|passport", re.IGNORECASE)
_ABOUT_CODES = re.compile(r"编号|编码|代码|文号|批号|型号|code|_no\b|number", re.IGNORECASE)
# Names of columns in which a number alone is one of a document.
ABOUT_DOCUMENTS = re.compile(
    r"护照|通行证|旅行证|[回台][乡胞]证|[军警士][官人兵]证|居[住留]证|身份|户口|出生(?:医学证明|证)"
    r"|证件|证号|公民号|居民证|驾驶证|passport",
    re.IGNORECASE,
)
_NAMES_ONE = re.compile(r"证|护照|身份|户口|居留|passport", re.IGNORECASE)

# A letter or two and digits; residents of Taiwan have 8 or 10 digits; Hong Kong and Macao put a
# check digit in brackets; permits of permanent residence before 2023 have a country's letters.
_FOREIGN = (
    r"[A-Z]{1,2}[0-9]{7,10}|[0-9]{8,10}(?:\([0-9A-Z]{1,2}\)|[A-Z])?|[A-Z]{3}[0-9]{12}"
    r"|[A-Z]{1,2}[0-9]{6}\([0-9A]\)|[0-9]{7}\([0-9]\)"
)


class _Document(NamedTuple):
    """A document: what it is called, what its numbers look like, and whether the word is plain."""

    called: str
    numbers: re.Pattern[str]
    strong: bool = True


def _form(numbers: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{numbers})", re.IGNORECASE)


_DOCUMENTS = (
    _Document(
        r"护照|passport|(?:港澳|台湾|内地|大陆|出入境|边境)[^,，。;]{0,8}通行证|旅行证|回乡证|台胞证|海员证"
        r"|居留(?:证|许可|身份证)|身份证(?:件|明)?|身份证明|(?<!执法)(?<!许可)证件",
        _form(_FOREIGN),
    ),
    _Document(
        r"(?<![车货禁临人])(?<!车辆)(?<!临时)通行证|(?<![\u4e00-\u9fff])证号|[其持的人]证号"
        r"|持(?:有|用)?(?:他人|本人|其|有效|伪造的?|假){0,2}证",
        _form(_FOREIGN),
        strong=False,
    ),
    _Document(
        r"军官证|军人证|士兵证|士官证|义务兵证|文职(?:干部|人员)?证|警官证", _form("[0-9]{5,10}")
    ),
    _Document(r"户口[簿本]|户籍证明|驾驶证|出生医学证明|出生证", _form("[A-Z]?[0-9]{8,12}")),
    _Document(r"居住证", _form("[0-9]{15,18}")),
)
# Between the word and the number: no other number, nor anything that the number is called instead.
_GAP = r"(?P<gap>[^0-9A-Za-z。]{0,14})(?:N[Oo][.: ]{0,2})?"
_OTHER = re.compile(
    r"电话|手机|传真|邮编|罚|款|金额|合计|文号|案号|决定书|注册|登记|许可|执照|执法|信用|代码|面积|时间|日"
)
_NUMBER = (
    r"(?P<number>[A-Za-z]{0,3}[\s.-]{0,2}[0-9]+(?:[\s.-]{1,2}[0-9]+)*(?:\([0-9A-Za-z]{1,2}\)|[A-Za-z])?)"
    r"(?![0-9A-Za-z*×])(?!\s?(?:[%吨]|[万亿]?元(?!.?[某*×])))"
)
_NEAR = tuple((re.compile(f"(?:{each.called}){_GAP}{_NUMBER}"), each) for each in _DOCUMENTS)
_BEFORE_NAME = re.compile(
    rf"(?<![0-9A-Za-z_-])({_FOREIGN})号?的?"
    r"(?:台胞证|回乡证|护照|(?:港澳|台湾)[^,，。;]{0,10}通行证)",
    re.IGNORECASE,
)
# Whose document it is when not the person's: a licence, or an official's.
_ANOTHER = re.compile(
    r"(?:许可证|执照|执法证|资格证|登记证|证书|产权证|经营证|(?:民警|执法人员|办案人员)(?:[\u4e00-\u9fff][某*×]{1,2}[、,]?){1,3})"
    r"(?:名称|类型|副本|正本|件)?[\s:,、(]{0,3}$"
)
_CALLED_A_NUMBER = re.compile(r"号码?[\s:为是(]*$")
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_JOINTS, _PIECES = re.compile(r"[\s.-]"), re.compile(r"[\s.-]*[^\s.-]+")
_BEFORE = 20


def documents_in(text: str, hint: str) -> Iterator[Sign]:
    """Yield the signs of such numbers in a plain text; ``hint`` is what its column is called."""
    if _ABOUT_TRAVEL.search(text) or _ABOUT_TRAVEL.search(hint):
        if _PERMITS.search(text):
            yield Sign(Kind.PASSPORT, strong=True)
    # Series and articles are numbered so as well: without a word on it only the passports of
    # today count, and only where nothing says that the column holds codes.
    elif _ORDINARY.fullmatch(text) and not (_DATED.fullmatch(text) or _ABOUT_CODES.search(hint)):
        yield Sign(Kind.PASSPORT, strong=False)
    if _NAMES_ONE.search(text):
        yield from _named(text)
    if ABOUT_DOCUMENTS.search(hint):
        yield from _named(f"{hint}:{text}")


def _named(text: str) -> Iterator[Sign]:
    """Yield the numbers that stand beside the name of a document."""
    if _BEFORE_NAME.search(text):
        yield Sign(Kind.PASSPORT, strong=True)
    for near, document in _NEAR:
        for found in near.finditer(text):
            before = text[max(0, found.start() - _BEFORE) : found.start()]
            if not _ANOTHER.search(before) and _is_one(found, document.numbers):
                yield Sign(Kind.PASSPORT, document.strong)


def _is_one(found: re.Match[str], form: re.Pattern[str]) -> bool:
    gap, whole = found["gap"], ""
    if _OTHER.search(gap):
        return False
    for piece in _PIECES.findall(found["number"]):
        whole += _JOINTS.sub("", piece)
        if form.fullmatch(whole):
            if is_resident_number(whole, any_county=True):
                return False
            return not _DATE.fullmatch(whole) or _CALLED_A_NUMBER.search(gap) is not None
    return False
