"""Classification markings: 秘密, 机密, 绝密, as what they are and not as words of a sentence.

A marking is a level with the star that the law's markings have (GB/T 9704: 机密★10年), wherever it
stands; a level that is a whole line, alone or with a term; one after 密级 and a colon; one in
brackets at either end of a line. In titles, and names of sheets and files, a level that stands
apart is one as well.
"""

import re

from opendata.tabular.privacy.plain import plain

_S = r"\s*"
LEVEL = rf"(?:[绝絕]{_S}密|[机機]{_S}密|[秘祕]{_S}密)"
_STAR = r"[★☆✩✭✰⭐]"
_TERM = (
    r"(?:长\s*期|永\s*久|至\s*[0-9]{4}\s*年[0-9年月日前止\s]{0,14}"
    r"|[0-9〇一二三四五六七八九十百 ]{1,12}\s*(?:年|个?月|日|天)[0-9年月日前后止]{0,12}"
    r"|(?:启用|公布|解密|公开|会后|宣布)[^，。；\n]{0,8})"
)
_OPEN, _CLOSE = r"[(\[【《〔「<\"“]", r"[)\]】》〕」>\"”]"
# A list of levels explains them, and marks nothing.
_NO_LIST = r"(?!\s*[、/或和及,，|]\s*(?:[绝机秘]\s*密|内部|公开|非密|无))"
_NAMED = r"(?:密\s*级|保密等级|保密级别|涉密等级|涉密级别|秘密等级)"
# Alone on a line, perhaps numbered.
_LINE = re.compile(
    rf"{_OPEN}*{_S}{_STAR}*{_S}(?:{_NAMED}\s*[:为是]?\s*)?{LEVEL}{_S}(?:级|件|级?文件|级?资料|级?材料)?"
    rf"{_S}(?:[*·,，-]?{_S}(?:保密期限\s*[:为]?\s*)?{_TERM})?{_S}{_CLOSE}*{_S}[。.!]?"
    rf"(?:{_S}(?:编号|第|[Nn][Oo]\.?)?[\s:]*[0-9]{{1,10}}{_S}号?)?{_S}"
)
_STARRED = re.compile(
    rf"{LEVEL}{_S}(?:级{_S})?(?:{_STAR}{_S}(?:{_TERM}|$|[\s)\]】》〕」>\"”,，。.;；:、*])|\*{_S}{_TERM})",
    re.MULTILINE,
)
_SAID = re.compile(rf"{_NAMED}\s*:\s*{LEVEL}(?!\s*信息){_NO_LIST}")
_AT_AN_END = re.compile(
    rf"^ *{_OPEN}\s*{LEVEL}级?\s*{_CLOSE}|(?<!秘密)(?<!密级){_OPEN}\s*{LEVEL}级?\s*{_CLOSE}\s*$",
    re.MULTILINE,
)
# Between signs that divide the words of a title or a file's name.
_APART = re.compile(
    rf"(?:^|[\s_.,，:;；/\\()\[\]【】《》〔〕+&-]){LEVEL}(?:级|件)?(?:$|[\s_.,，:;；/\\()\[\]【】《》〔〕+&-])"
)
_LONGEST_LINE = 60
_LONGEST_TITLE = 120


def is_marking(text: str) -> bool:
    """Whether a cell, as it was received, is marked.

    >>> is_marking("机 密★10年"), is_marking("属于国家秘密"), is_marking("密级：秘密")
    (True, False, True)
    """
    folded = plain(text)
    if _STARRED.search(folded) or _SAID.search(folded) or _AT_AN_END.search(folded):
        return True
    if len(folded) <= _LONGEST_LINE and _LINE.fullmatch(folded):
        return True
    lines = folded.split("\n")
    return any(len(each) <= _LONGEST_LINE and _LINE.fullmatch(each) for each in lines)


def is_marked_title(text: str) -> bool:
    """Whether a title, a sheet's or a file's name is marked.

    >>> is_marked_title("2023年预算-机密.xlsx"), is_marked_title("保守国家秘密工作经费.xlsx")
    (True, False)
    """
    if is_marking(text):
        return True
    return len(text) <= _LONGEST_TITLE and _APART.search(plain(text)) is not None
