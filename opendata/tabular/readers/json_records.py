"""The records of NDJSON and of a JSON array, one after the other, in constant memory."""

import codecs
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from opendata.tabular.physical_lines import not_utf8
from opendata.tabular.readers.limits import LIMITS, TooDeep, check_size
from opendata.tabular.readers.model import pointer
from opendata.tabular.readers.refused import BrokenJson, NotRecords, RepeatedMember

_BLANK = " \t\r\n"
_PIECE_BYTES = 256 * 1024
# A text cut off in the middle of a token is faulty so near its end, whatever follows.
_CUT_CHARACTERS = 32
Records = Iterator[tuple[int, dict[str, Any]]]


class _Repeated(Exception):
    """An object has two members of the name given."""


class _NotFinite(Exception):
    """NaN or an infinity, which JSON has not."""


def lines_of(path: Path) -> Records:
    """Yield the objects of NDJSON with the lines they are on; blank lines are passed over.

    Raises:
        Unreadable: a line is no JSON object in UTF-8; those before it were given.
    """
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LIMITS.record_bytes + 1):
            number += 1
            where = pointer("line", str(number))
            check_size(len(line), LIMITS.record_bytes, where)
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip(_BLANK)
            except UnicodeDecodeError as error:
                raise not_utf8(path) from error
            if text:
                record, end = _record(text, 0, where)
                if end < len(text):
                    raise _broken(where, end, "Extra data")
                yield number, record


def elements_of(path: Path) -> Records:
    """Yield the objects of a JSON array; the first is row 2, as if a header came before it.

    Raises:
        Unreadable: it is no array of objects in UTF-8; those before the fault were given.
    """
    with path.open("rb") as file:
        text = _Text(path, file)
        if text.peek() == "{":
            raise _no_record("/row/1")
        number, following = 1, text.taken("[", "/row/1")
        if text.peek() == "]":
            following = text.taken("]", "/row/1")
        while following != "]":
            number += 1
            where = pointer("row", str(number))
            yield number, text.record(where)
            following = text.taken(",]", where)
        if text.peek():
            raise _broken(pointer("row", str(number)), None, "Extra data")


def parsed_object(text: str, where: str) -> dict[str, Any]:
    """Return the object that a text is, its numbers as they are written.

    Raises:
        BrokenJson, NotRecords, RepeatedMember, TooDeep: it is none.
    """
    begin = len(text) - len(text.lstrip(_BLANK))
    found, end = _record(text, begin, where)
    if text[end:].strip(_BLANK):
        raise _broken(where, end, "Extra data")
    return found


class _Text:
    """The text of a file, as much of it as is needed at a time."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        """Read the first of it, without its byte-order mark."""
        self._path = path
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._held = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """Return the next character that is no white space, empty at the end."""
        while True:
            while self._at < len(self._held):
                if (found := self._held[self._at]) not in _BLANK:
                    return found
                self._at += 1
            if not self._more():
                return ""

    def taken(self, characters: str, where: str) -> str:
        """Take one of these characters."""
        found = self.peek()
        if not found or found not in characters:
            raise _broken(where, None, f"Expecting {' or '.join(characters)}")
        self._at += 1
        return found

    def record(self, where: str) -> dict[str, Any]:
        """Take the object that comes next."""
        if self.peek() != "{":
            raise _no_record(where)
        while True:
            try:
                record, self._at = _record(self._held, self._at, where)
            except BrokenJson as fault:
                check_size(len(self._held) - self._at, LIMITS.record_bytes, where)
                if not self._may_be_cut(fault) or not self._more():
                    raise
            else:
                return record

    def _may_be_cut(self, fault: BrokenJson) -> bool:
        """Whether the text is faulty only for not being held to the end of the object."""
        reason = fault.__cause__
        if not isinstance(reason, json.JSONDecodeError):
            return False
        near_end = reason.pos >= len(self._held) - _CUT_CHARACTERS
        return near_end or reason.msg.startswith("Unterminated string")

    def _more(self) -> bool:
        """Read on, at least as much as is held; whether there was any more."""
        if self._ended:
            return False
        self._held, self._at = self._held[self._at :], 0
        piece = self._file.read(max(_PIECE_BYTES, len(self._held)))
        self._ended = not piece
        try:
            self._held += self._decoder.decode(piece, final=self._ended)
        except UnicodeDecodeError as error:
            raise not_utf8(self._path) from error
        return not self._ended


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        count = Counter(name for name, _ in pairs)
        raise _Repeated(next(name for name, times in count.items() if times > 1))
    return found


def _not_finite(literal: str) -> NoReturn:
    raise _NotFinite(literal)


# Numbers stay the digits they are written with: 1.10 is not 1.1.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_not_finite
)


def _record(text: str, at: int, where: str) -> tuple[dict[str, Any], int]:
    """Read the object that begins at ``at``; return it and where it ends."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _broken(where, error.pos - at, error.msg) from error
    except _NotFinite as error:
        raise _broken(where, None, f"{error} is no JSON number") from error
    except RecursionError as error:
        raise TooDeep(
            "此处的值嵌套过深，未予读取。",
            "The values here are nested too deeply to be read.",
            where,
        ) from error
    except _Repeated as error:
        raise RepeatedMember(
            f"同一对象中有两个“{error}”，不同程序会取不同的值。请只保留一个。",
            f'One object has two members called "{error}", of which programs take one or the '
            "other. Keep one.",
            where,
        ) from error
    if not isinstance(value, dict):
        raise _no_record(where)
    return value, end


def _broken(where: str, at: int | None, reason: str) -> BrokenJson:
    near_zh, near_en = (
        ("", "") if at is None else (f"（第 {at + 1} 个字符附近）", f" near character {at + 1}")
    )
    return BrokenJson(
        f"此处不是正确的 JSON{near_zh}。"
        "NDJSON 每行一个完整的对象；JSON 文件是一个由对象组成的数组。",
        f"This is no correct JSON{near_en}: {reason}. NDJSON has one whole object on each line, "
        "a JSON file one array of objects.",
        where,
    )


def _no_record(where: str) -> NotRecords:
    return NotRecords(
        "每条记录应是一个 JSON 对象，以字段名为成员名。",
        "Each record must be a JSON object whose members are named as the columns.",
        where,
    )
