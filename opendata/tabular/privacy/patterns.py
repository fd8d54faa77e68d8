"""What a cell must hold to be looked at closely: patterns for whole columns at once.

They find all that the close look would, and a little more; they know no lookaround, and see texts
as they were received. Everything is in one pattern, so that a cell is passed over once.
"""

from opendata.tabular.privacy.words import PROVINCES

_UNSEEN = r"\p{Cf}\x{034F}\x{FE00}-\x{FE0F}"
# What may stand between the digits of one number.
_S = rf"[\s\p{{Pd}}\x{{2212}}\x{{2500}}{_UNSEEN}]{{0,3}}"
_ANY = rf"[\s\p{{Pd}}\x{{2212}}\x{{2500}}{_UNSEEN}_./／．＿·•・]*"
_D = "[0-9０-９]"
_START, _END = "(?:^|[^0-9A-Za-z])", "(?:$|[^0-9A-Za-z])"
_N = "[0-9A-Z０-９一二三四五六七八九十百零〇]"
_GAP = rf"[\s,，\p{{Pd}}{_UNSEEN}]{{0,3}}"


def _digits(*classes: str, between: str = _S) -> str:
    """Return the pattern of digits, each of a class, with what may stand between them."""
    return between.join(classes)


def _digit(few: str) -> str:
    """Return the class of some digits in both widths."""
    return "[" + few + "".join(chr(ord(each) + 0xFEE0) for each in few) + "]"


_MOBILE = rf"{_START}[+＋]?(?:{_digits(*'0' * 2)})?(?:{_digits('[8８]', '[6６]')}{_S})?" + _digits(
    _digit("1"), _digit("3456789"), *[_D] * 9
)
# Letters and digits beside it do not hide it.
_RESIDENT = _digits(
    *[_D] * 6,
    rf"(?:{_digit('1')}{_ANY}{_digit('89')}|{_digit('2')}{_ANY}{_digit('0')})",
    *[_D] * 2,
    *[_digit("01"), _D, _digit("0123"), _D],
    *[_D] * 3,
    "[0-9０-９XxＸｘ]",
    between=_ANY,
)
_OLD_RESIDENT = rf"{_START}{_D}{{8}}{_digit('01')}{_D}{_digit('0123')}{_D}{{4}}"
_ISSUER = "|".join(
    [
        _digit("6") + _digit("02") + _D * 2,
        _digit("9") + _digit("5") * 2 + _digit("89"),
        _digit("4") + _D * 3,
        _digit("5") + _digit("12345") + _D * 2,
        _digit("3") + _digit("5") + _D * 2,
    ]
)
_JOINT = rf"[\s\p{{Pd}}\x{{2212}}\x{{2500}}{_UNSEEN}]{{1,3}}"
_CARD = (
    rf"{_START}(?:{_ISSUER})(?:[{_UNSEEN}]*(?:{_D}{{12,15}}|{_D}{{2}}{_JOINT}{_D}{{10,13}})"
    rf"|(?:{_JOINT}{_D}{{4}}){{3}}(?:{_JOINT}{_D}{{1,4}})?)"
)
NUMBERS = rf"(?:{_MOBILE}|{_OLD_RESIDENT}|{_CARD}){_END}|{_RESIDENT}"
_PERMIT = (
    r"(?i:护照|通行证|旅行证|回乡证|台胞证|passport)|^\s*[EＥ][A-ZＡ-Ｚ]?\s?[0-9０-９]{7,8}\s*$"
    r"|(?:身份|证件|证号|持\p{Han}{0,7}证|[军官兵员人部务]证|居[住留]|户口|户籍|驾驶证|出生)"
    rf"[^0-9０-９]*{_D}{_ANY}{_D}{_ANY}{_D}{_ANY}{_D}{_ANY}{_D}"
)
_PLATE = rf"[{PROVINCES}]\s?[A-ZＡ-Ｚ][\s·•.．・\p{{Pd}}{_UNSEEN}]{{0,3}}[A-ZＡ-Ｚ0-9０-９]{{4}}"
_HOME = (
    rf"单元{_GAP}{_N}|(?:号楼|[栋幢座#＃号])楼?{_GAP}(?:{_N}{{1,5}}\s?单元{_GAP})?{_N}{{1,5}}\s?[室户房]"
    rf"|[区园寓舍村院宅苑庭馆庄都里郡府]\s?{_D}{{1,3}}[#＃号栋幢]?楼?\p{{Pd}}{_D}{{1,2}}\p{{Pd}}"
    rf"|[村屯寨庄][^。；;，,\n]{{0,8}}?{_N}{{1,5}}\s?[组社队屯小][^。；;，,\n]{{0,6}}?{_N}\s?号"
    r"|住址|户籍|户口|现住|居住地|家住|[，,。;；\s)）]住[^所房宅户建院宿改]"
)
_LEVEL = rf"[绝絕機机秘祕][\s{_UNSEEN}]*密"
_OPENING = r"\s★☆✩✭✰⭐(（\[［【《〔「<＜\"“"
MARKING = (
    rf"{_LEVEL}[\s{_UNSEEN}]*级?[\s{_UNSEEN}]*[★☆✩✭✰⭐*＊﹡]"
    rf"|(?:密[\s{_UNSEEN}]*级|等级|级别)\s*[:：]\s*{_LEVEL}"
    rf"|[(（\[［【《〔「<＜\"“]\s*{_LEVEL}"
    rf"|(?:^|[\r\n])[{_OPENING}{_UNSEEN}]*"
    rf"(?:(?:[保涉秘]密|密)?[\s{_UNSEEN}]*(?:等?级别?)\s*[:：为是]?\s*)?{_LEVEL}"
)
# The numbers of identity documents alone.
IDENTITY = f"{_RESIDENT}|{_OLD_RESIDENT}{_END}|{_PERMIT}"
EVERYTHING = f"{NUMBERS}|[@＠]|{_PERMIT}|{_PLATE}|{_HOME}|{MARKING}"
# Wider ones, for columns that are called what they hold.
PERMIT_NUMBERS = rf"{_D}(?:{_ANY}{_D}){{4}}"
HOUSE_NUMBERS = rf"{_N}\s?[号室户组队]"
