"""Texts in the forms of each type, canonical and nearly so, and the traps readers disagree on."""

from typing import Any

import hypothesis.strategies as st

# What one reader takes and another does not, whatever the type of the column.
TRAPS = [
    *["", " ", "\t", "\n", "\u3000", "\ufeff", "\x00", "a\n", "\n1", '"', "\r", "\x85", "\u2028"],
    *["+5", " 5", "5 ", "\u30005", "05", "-0", "--5", "1_000", "_1", "1,000", "1.000", "1 000"],
    *[
        "１２",
        "٣",
        "²",
        "½",
        "٣٤٥٦",
        "１９９９",
        "-٣",
        "1e5",
        "1E5",
        "1.5e3",
        "0x1F",
        "0b1",
        "1.",
        ".5",
    ],
    *[
        "NaN",
        "nan",
        "-nan",
        "sNaN",
        "sNaN123",
        "inf",
        "-inf",
        "Infinity",
        "infinity",
        "12.0",
        "-0.0",
    ],
    *["9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"],
    *["9007199254740993", "123456789012345", "1234567890123456", "0.1234567890123456", "9" * 40],
    *["0." + "0" * 20 + "1", "1e400", "1e-400", "5%", "¥5", "5元", "$1,5", "-.5", "+.5", "1..2"],
    *["true", "TRUE", "tRuE", "t", "yes", "no", "1", "0", "是", "否", "Y", "on"],
    *[
        "2020-02-29",
        "2021-02-29",
        "2020-02-30",
        "2020-2-3",
        "2020-02-3",
        " 2020-02-03",
        "2020-02-03 ",
    ],
    *[
        "0000-01-01",
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "2020/02/03",
        "20200203",
        "24-01-05",
    ],
    *[
        "2020-00-10",
        "2020-13-01",
        "1900-02-29",
        "2000-02-29",
        "0400-02-29",
        "２０２０-01-01",
        "2020-W01-1",
    ],
    *["+020-01-01", "-001-01-01", "2020-1 -01", "2020-01- 1", "epoch", "today", "2020-060"],
    *["2020-01-01T00:00:00", "2020-01-01 00:00:00", "2020-01-01T24:00:00", "2020-01-01T23:59:60"],
    *["2020-01-01T00:00:00Z", "2020-01-01T00:00:00+08:00", "2020-01-01T00:00:00+0800"],
    *[
        "2020-01-01T00:00:00.5",
        "2020-01-01T00:00:00,123456789",
        "2020-01-01T00:00",
        "20200101T000000",
    ],
    *[
        "2020-01-01x00:00:00",
        "2020-01-01T00:00:00+24:00",
        "2020-01-01T00:00:00z",
        "0000-01-01T00:00:00",
    ],
    *["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "2020-01-01T00:00:00-00:00"],
    *[
        "00:00:00",
        "23:59:59",
        "24:00:00",
        "12:30",
        "1:02:03",
        "12:30:00Z",
        "12:30:00+08:00",
        "12:30:60",
    ],
    *["0000", "0999", "1999", "10000", "-999", "+999", " 999", "99", "1_99", "19.9"],
    *[
        "2020-01",
        "2020-1",
        "2020-13",
        "0000-01",
        "12345-01",
        " 2020-01",
        "2020-01-",
        "-5-3",
        "２０２０-01",
    ],
    *[
        "P1D",
        "P1W",
        "P7D",
        "PT",
        "P",
        "PT1H",
        "P1Y2M",
        "-P1D",
        "P1.5D",
        "P0001-01-01T00:00:00",
        "P1S",
    ],
    *[
        "1,2",
        "180,90",
        "-180,-90",
        "181,0",
        "0,91",
        "1, 2",
        "1;2",
        "[1, 2]",
        "[180.0, 90]",
        "1,2,3",
    ],
    *['{"lon": 1, "lat": 2}', '{"lat": 2, "lon": 1}', '{"lon": 200, "lat": 2}', "{}", "[]", "null"],
    *[
        '{"a": 1}',
        '{"a": {"b": 1}}',
        '{"a": 1, "a": 2}',
        '["a", 1]',
        "[1, [2]]",
        "[01]",
        '{"a": 1,}',
    ],
    *[
        '{"type": "Point", "coordinates": [1, 2]}',
        '{"type": "Topology", "objects": {}, "arcs": []}',
    ],
    *[
        "http://a",
        "http://a.cn/b?c#d",
        "ftp://x",
        "a:b",
        "//x",
        "http://",
        "http://[::1",
        "中文",
        "http:// a",
    ],
    *[
        "a@b.cn",
        "a.b+c@d-e.org",
        "a@b",
        "@b.cn",
        "a..b@c.cn",
        "a@b..cn",
        "a@-b.cn",
        '"a"@b.cn',
        "a@b.c1",
    ],
    *[
        "2bc1c94f-0deb-43e9-92a1-4775189ec9f8",
        "2bc1c94f0deb43e992a14775189ec9f8",
        "{2bc1c94f}",
        "YQ==",
    ],
    *[
        "YQ=",
        "YWI=",
        "YWJj",
        "YW Jj",
        "Y",
        "YQ==YQ==",
        "POINT (30 10)",
        "POINT(1 1)",
        "POINT EMPTY",
    ],
    *[
        "示例",
        "示例市",
        "e\u0301",
        "👨‍👩‍👧",
        "😀",
        "ß",
        "İ",
        "ﬁ",
        "a b",
        "a;b",
        "a|b",
        "a,b",
        "1-2-3",
    ],
]
PATTERNS = [
    "[0-9]+",
    "^[0-9]{2,4}$",
    "a|b",
    "^(警告|罚款)(;(警告|罚款))*$",
    ".*",
    ".+$",
    "[^;]{1,5}",
    r"\d+",
    r"\w+",
    r"\s*\S+",
    r"\bA",
    "(?i:a)+",
    "(a)(?=b)b",
    r"(.)\1",
    "[A-Z]?[a-z-]*",
    "a$|.b",
    "",
]
# Bounds and members of lists beside the type's own forms; what a type cannot read is left out.
LIMITS: dict[str, list[Any]] = {
    "any": ["a", "", "1", 1, None, "-", "示例"],
    "string": ["a", "", "警告", "A", "0", "-", "a\n", 1],
    "integer": [
        *[0, -1, 5, 10**18, 2**63, -(2**63), 2**70, -(2**70), "7", " 8 ", 3.0, 1.5, True, "x"],
    ],
    "number": [
        *[0, 1, -1.5, 0.1, 0.30000000000000004, 1e15, 123456789012345.6, 10**18, 1e-9, 2**53 + 1],
        *[1e300, 10**400, "0.1", "1e3", "1234567890.123456789", "Infinity", "NaN", True],
    ],
    "boolean": [True, False, "true", "0"],
    "date": ["2020-02-29", "1996-10-01", "0001-01-01", "9999-12-31", "x"],
    "datetime": ["2020-01-01T00:00:00", "2020-01-01T00:00:00.5", "2020-01-01T00:00:00Z"],
    "time": ["12:00:00", "12:00:00.5", "12:00:00Z"],
    "year": [1999, 2020, 0, 9999, "2000", -1],
    "yearmonth": ["2020-01", "9999-12", "12345-01", [2020, 2], [2020, 13]],
    "duration": ["P1D", "P1W", "P1Y", "PT1H"],
    "geopoint": ["1,2", "180,90", [1, 2]],
    "geojson": ['{"type": "Point", "coordinates": [1, 2]}'],
    "object": ["{}", '{"a": 1}', {"a": 1}],
    "array": ["[]", "[1]", [1]],
    "list": ["a"],
}
_DIGITS = st.text("0123456789", min_size=1, max_size=18)
_YEARS = st.integers(0, 9999) | st.sampled_from([0, 1, 4, 100, 400, 999, 1000, 1900, 2000, 9999])
_TWO = st.integers(0, 32).map("{:02}".format) | st.integers(1, 12).map("{:02}".format)
_CLOCK = st.integers(0, 60).map("{:02}".format) | st.sampled_from(["00", "12", "24"])
_DATE = st.builds("{:04}-{}-{}".format, _YEARS, _TWO, _TWO)
_TIME = st.builds("{}:{}:{}".format, _CLOCK, _CLOCK, _CLOCK)
_FRACTION = st.sampled_from(["", "", ".5", ".123456", ".120000", ".000", ",5", ".1234567"])
_ZONE = st.sampled_from(["", "", "Z", "+08:00", "-0330", "+08", "-00:00", "+23:59", "+24:00"])
_MOMENT = st.builds("{}{}{}{}{}".format, _DATE, st.sampled_from("T t"), _TIME, _FRACTION, _ZONE)
_INTEGER = st.integers(-30, 30).map(str) | st.integers().map(str) | _DIGITS
_NUMBER = (
    _INTEGER
    | st.decimals(-100, 100, places=2).map(str)
    | st.builds("{}{}.{}".format, st.sampled_from(["", "-", "+"]), _DIGITS, _DIGITS)
    | st.floats().map(repr)
)
_WORDS = st.sampled_from(["a", "b", "警告", "罚款", "警告;罚款", "A1", "12", "a-b", "b\n", "ab\n"])
_SIMPLE: dict[str, st.SearchStrategy[str]] = {
    "any": _WORDS,
    "string": _WORDS | st.text("ab0中;\n", max_size=9),
    "integer": _INTEGER,
    "boolean": st.sampled_from(["true", "false", "1", "0", "yes", "no", "是", "否", "True", "Y"]),
    "year": _YEARS.map("{:04}".format) | _YEARS.map(str),
    "yearmonth": st.builds("{:04}-{}".format, _YEARS, _TWO),
    "duration": st.builds(
        "P{}{}T{}{}".format, *[st.sampled_from(["", "1D", "2Y", "3M", "4H"])] * 4
    ),
    "geopoint": st.builds("{},{}".format, _NUMBER, _NUMBER)
    | st.builds("[{}, {}]".format, _NUMBER, _NUMBER),
    "geojson": st.sampled_from(['{"type": "Point", "coordinates": [1, 2]}', "{}"]),
    "object": st.builds('{{"{}": {}}}'.format, _WORDS, _NUMBER),
    "array": st.lists(_NUMBER | _WORDS.map('"{}"'.format), max_size=3)
    .map(", ".join)
    .map("[{}]".format),
}


def form_texts(descriptor: dict[str, Any]) -> st.SearchStrategy[str]:
    """Draw texts in the form that the descriptor's type, format and marks ask for."""
    kind = descriptor["type"]
    if kind == "number":
        return _NUMBER | _NUMBER.map(lambda text: _marked(text, descriptor))
    if kind == "list":
        item = form_texts({"type": descriptor.get("itemType", "string")})
        return st.lists(item, min_size=1, max_size=3).map(descriptor.get("delimiter", ",").join)
    if kind in {"date", "datetime", "time"}:
        plain = {
            "date": _DATE,
            "datetime": _MOMENT,
            "time": st.builds("{}{}{}".format, _TIME, _FRACTION, _ZONE),
        }
        written = descriptor.get("format", "default")
        return plain[kind] if "%" not in written else _in_format(written) | plain[kind]
    return _SIMPLE[kind]


def _marked(text: str, descriptor: dict[str, Any]) -> str:
    """Write a number with the marks its field declares."""
    whole, point, part = text.partition(".")
    group = descriptor.get("groupChar", "")
    grouped = f"{whole[:-3]}{group}{whole[-3:]}" if len(whole) > 3 else whole
    return grouped + point.replace(".", descriptor.get("decimalChar", ".")) + part


def _in_format(pattern: str) -> st.SearchStrategy[str]:
    """Write days and times in a strptime format, some of them impossible or unpadded."""
    parts = {"%Y": _YEARS.map("{:04}".format), "%m": _TWO, "%d": _TWO, "%b": st.just("Jan")}
    parts |= {"%H": _CLOCK, "%M": _CLOCK, "%S": _CLOCK, "%I": _TWO, "%p": st.just("AM"), "%y": _TWO}

    def write(drawn: dict[str, str]) -> str:
        text = pattern
        for mark, value in drawn.items():
            text = text.replace(mark, value)
        return text

    used = {mark: values for mark, values in parts.items() if mark in pattern}
    return st.fixed_dictionaries(used).map(write)
