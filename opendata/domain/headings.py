"""Names of a table's lines without what numbers or introduces them."""

import re

_NUMBERING = re.compile(
    r"""
    ^(?:
        (?:其中|加|减|附)[:：]                      # of which, plus, minus, appended
      | [(（]?[0-9一二三四五六七八九十]{1,3}[)）]    # (一) (1) 1)
      | [0-9一二三四五六七八九十]{1,3}(?:、|[.．](?![0-9]))   # 一、 1、 1.
    )
    """,
    re.VERBOSE,
)
_SILENT = re.compile(r"[\s“”\"'‘’]")
_BRACKETS = str.maketrans("（）：", "():")


def bare_heading(name: str, year: int | None = None) -> str:
    """Return a line's name as tables of the same form share it.

    Numbering and words that introduce go, quotation marks and spaces too; brackets become narrow.
    So does the ``year`` the table is about, and its end; another year stays.

    >>> bare_heading("一、“三公”经费合计"), bare_heading("其中：(1)因公出国（境）费")
    ('三公经费合计', '因公出国(境)费')
    >>> bare_heading("二、2017年末专项债务限额", 2017), bare_heading("2016年末债务余额", 2017)
    ('专项债务限额', '2016年末债务余额')
    """
    bare = _SILENT.sub("", name).translate(_BRACKETS)
    while (match := _NUMBERING.match(bare)) and match.end() < len(bare):
        bare = bare[match.end() :]
    if year is None:
        return bare
    return re.sub(rf"^(?:{year}|本)年(?:末|底|度)?(?=.)", "", bare)
