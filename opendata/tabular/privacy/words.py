"""Identifiers with letters or words: vehicle plates, mailboxes, homes and names."""

import re
from collections.abc import Iterator

from opendata.domain.privacy import Kind
from opendata.tabular.privacy.documents import documents_in
from opendata.tabular.privacy.signs import Sign
from opendata.tabular.privacy.surnames import COMPOUND, SINGLE

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATES = re.compile(
    rf"(?P<province>[{PROVINCES}]) ?(?P<office>[A-HJ-NP-Z]) ?[·•.・-]? ?"
    r"(?:(?P<usual>[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9学警港澳挂试超领使])"
    r"|[DFABCEGHJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DFABCEGHJK])(?![0-9A-Za-z-])"
)
_MOST_LETTERS = 3
# Where the letters of the offices that give out plates end; elsewhere any may occur.
_LAST_OFFICES = dict(zip("宁琼青藏贵吉闽浙晋蒙甘", "EFHJJKKLMMP", strict=True))
# RFC 5321, 4.5.3.1: no part of an address is longer.
_MAILBOX = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})"
)
# Who gives mailboxes to anybody; those of offices and companies name the office, not the person.
_PROVIDERS = (
    "qq.com vip.qq.com foxmail.com 163.com 126.com yeah.net vip.163.com 188.com 139.com 189.cn "
    "wo.cn sina.com sina.cn vip.sina.com sohu.com aliyun.com tom.com 21cn.com 263.net gmail.com "
    "outlook.com hotmail.com live.com live.cn msn.com icloud.com me.com yahoo.com yahoo.com.cn "
    "yahoo.cn proton.me protonmail.com"
)
_PUBLIC = frozenset(_PROVIDERS.split())
# Numbers of houses and rooms, in either kind of digits.
_N = r"(?:[0-9A-Z]{1,5}|[一二三四五六七八九十百零〇]{1,5})"
_ROOM = rf"(?:[0-9]{{3,4}}(?![0-9层台部年个人万元米])|{_N}\s?(?:室|户|房|号(?!楼)))"
_ESTATE = (
    r"(?:小区|花园|家园|公寓|宿舍|新村|家属院|住宅区?|[嘉佳雅名家华]苑|苑|庭|公馆|山庄|庄园|名都|社区|村"
    r"|大院|里|[东南西北]区|郡|府)"
)
_BUILDING = rf"{_N}\s?(?:号楼|栋|幢|座|#楼?|号)"
_HOMES = re.compile(
    # A building, an entrance and a flat; nothing else has entrances.
    rf"{_N}\s?(?:号楼|栋|幢|座|#楼?)[\s,，-]{{0,2}}{_N}\s?单元[\s,，-]{{0,2}}{_ROOM}"
    rf"|{_ESTATE}[^。；;\n]{{0,6}}?{_BUILDING}[\s,，-]{{0,2}}(?:{_N}\s?单元[\s,，-]{{0,2}})?"
    rf"{_N}\s?(?:室|户|房(?!屋))"
    rf"|{_ESTATE}\s?[0-9]{{1,3}}[#号栋幢]?楼?-[0-9]{{1,2}}-[0-9]{{3,4}}(?![0-9-])"
    # A house in a village's group.
    rf"|[村屯寨庄][^。；;，,\n]{{0,8}}?{_N}\s?(?:组|社|队|屯|小组)[^。；;，,\n]{{0,6}}?{_N}\s?号(?!楼)"
    # Where somebody is said to live.
    rf"|(?:家庭住址|住址|户籍地址?|户籍所在地|户口所在地|现住址?|居住地址?|家住)[\s:为是在]{{0,3}}"
    rf"[^。；;\n]{{4,40}}?{_N}\s?(?:号|室|户|组|队)"
    rf"|[，,。;；\s)]住(?![所房宅户建院宿改])[^。；;，,\n]{{4,40}}?{_N}\s?(?:号|室|户|组|队)"
)
ABOUT_HOMES = re.compile(r"住址|家庭地址|户籍|居住地|home_address")
_NUMBERED = re.compile(rf"{_N}\s?(?:号|室|户|组|队)")
_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]{2,4}")
_FOREIGN_NAME = re.compile(r"[\u4e00-\u9fff]{1,10}(?:[·•・][\u4e00-\u9fff]{1,10}){1,3}")
_MASKED = re.compile(r"[某*×○〇xX]")


def words_in(text: str, hint: str) -> Iterator[Sign]:
    """Yield the signs in a plain text; ``hint`` is what the column is called."""
    yield from documents_in(text, hint)
    for found in _MAILBOX.finditer(text) if "@" in text else ():
        if found[1].lower() in _PUBLIC:
            yield Sign(Kind.E_MAIL, strong=False)
    if text.isascii():
        return
    for found in _PLATES.finditer(text):
        usual = found["usual"]
        if _LAST_OFFICES.get(found["province"], "Z") < found["office"]:
            continue
        if usual is None or sum(each.isascii() and each.isalpha() for each in usual) < 1 + (
            _MOST_LETTERS
        ):
            yield Sign(Kind.PLATE, strong=False)
    if _HOMES.search(text) or (ABOUT_HOMES.search(hint) and _NUMBERED.search(text)):
        yield Sign(Kind.HOME_ADDRESS, strong=True)


def is_name(text: str) -> bool:
    """Whether a plain text is nothing but a whole name of a person."""
    text = "".join(text.split())
    if _MASKED.search(text):
        return False
    if _FOREIGN_NAME.fullmatch(text):
        return True
    if not _NAME.fullmatch(text):
        return False
    if text[:2] in COMPOUND:
        return len(text) > 2
    return text[0] in SINGLE
