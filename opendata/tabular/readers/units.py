"""Units as headers write them: （万元）, (单位：元), [人民币万元], （㎡）."""

import re

# What a title ends in, once brackets of every kind are written as round ones.
_TRAILING = re.compile(r"(?P<base>.+?)\((?P<unit>[^()]{1,12})\)", re.DOTALL)
_PREFIXES = re.compile(r"(计量)?单位:?|人民币|rmb|cny", re.IGNORECASE)
_SPELLINGS = {
    "圆": "元",
    "万圆": "万元",
    "萬元": "万元",
    "億元": "亿元",
    "仟元": "千元",
    "m2": "平方米",
    "平米": "平方米",
    "平方公尺": "平方米",
    "km2": "平方公里",
    "ha": "公顷",
    "hm2": "公顷",
    "公頃": "公顷",
    "畝": "亩",
    "百分比": "%",
    "％": "%",
    "kg": "千克",
    "公斤": "千克",
    "km": "千米",
    "公里": "千米",
    "t": "吨",
    "m": "米",
}
_KNOWN = frozenset(
    (
        *("元", "角", "分", "百元", "千元", "万元", "十万元", "百万元", "千万元", "亿元"),
        *("美元", "万美元", "亿美元", "港元", "万港元", "欧元", "万欧元", "日元"),
        *("平方米", "万平方米", "平方公里", "公顷", "亩", "万亩", "米", "千米"),
        *("千克", "吨", "万吨", "个", "件", "条", "项", "次", "人", "人次", "户", "家", "宗"),
        *("万件", "万条", "万人", "万人次", "天", "日", "月", "年", "%", "‰"),
    )
)


def split_unit(title: str) -> tuple[str, str]:
    """Take a trailing bracket off a title whose brackets are round.

    Returns:
        What stands before it and what stands in it; the title and nothing if there is none.

    >>> split_unit("罚款金额(万元)")
    ('罚款金额', '万元')
    >>> split_unit("(备注)")
    ('(备注)', '')
    """
    found = _TRAILING.fullmatch(title)
    return (found["base"], found["unit"]) if found else (title, "")


def unit_of(text: str) -> str:
    """Return the one spelling of what a bracket says, without what only announces a unit.

    >>> unit_of("单位:人民币萬元")
    '万元'
    """
    plain = _PREFIXES.sub("", text).casefold()
    return _SPELLINGS.get(plain, plain)


def is_unit(text: str) -> bool:
    """Whether a bracket's text, in its one spelling, is a unit and no other remark."""
    return text in _KNOWN
