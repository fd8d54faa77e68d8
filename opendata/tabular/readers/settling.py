"""Settling the encoding of a text file by rule, or refusing it and saying what would settle it."""

from collections.abc import Sequence
from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.tabular.physical_lines import undecodable
from opendata.tabular.readers.encodings import (
    LEGACY,
    UTF8,
    WIDE,
    Encoding,
    Utf8,
    charset_of,
    decodes,
    first_nul,
    is_damaged_utf8,
    marked,
    utf8_of,
)
from opendata.tabular.readers.headers import Names, no_header
from opendata.tabular.readers.heads import Head, first_records, head_of
from opendata.tabular.readers.model import Declared
from opendata.tabular.refusals import (
    AmbiguousEncoding,
    EmptyFile,
    NotATable,
    OtherDelimiter,
    Unreadable,
)

Settled = tuple[Encoding, Head]
_FULL_WIDTH = (("；", "全角分号", "full-width semicolons"), ("，", "全角逗号", "full-width commas"))


def settled(path: Path, declared: Declared, contract: Contract) -> Settled:
    """Say which encoding a file is in, and where its header is.

    A byte-order mark decides, else the declared charset, else UTF-8 if all of the file is that,
    else the one other encoding in which all of it can be read and a header is recognised.

    Raises:
        AmbiguousEncoding: two encodings would do.
        Unreadable: none does, or it is no table.
    """
    mark = marked(path)
    if path.stat().st_size <= (mark.mark if mark else 0):
        raise EmptyFile("文件是空的。请上传含表头和数据的文件。", "The file is empty.")
    said = (mark,) if mark else charset_of(declared)
    if len(said) == 1:
        _check_declared(path, said[0])
        return said[0], _needed(path, said[0], contract)
    nul = first_nul(path)
    wide = said or (WIDE if nul is not None else ())
    found = _with_heads(path, [each for each in wide if decodes(path, each.codec)], contract)
    if len(found) == 1:
        return found[0]
    return _settled_by_bytes(path, contract, nul)


def _check_declared(path: Path, said: Encoding) -> None:
    """Refuse a charset that the bytes contradict, though they could be decoded by it."""
    if said.codec == "ascii" and not decodes(path, "ascii"):
        raise undecodable(path, "ascii")
    # Nearly all UTF-8 is GB18030 as well, of other characters.
    is_old = said.codec in (*(each.codec for each in LEGACY), "big5hkscs")
    if is_old and not said.mark and utf8_of(path) is Utf8.PLAIN:
        raise _contradicted(said)


def _settled_by_bytes(path: Path, contract: Contract, nul: int | None) -> Settled:
    looks = utf8_of(path)
    if looks is Utf8.PLAIN:
        return UTF8, _needed(path, UTF8, contract)
    if nul is not None and looks is Utf8.BROKEN:
        raise NotATable(
            f"文件开头有 NUL 字节（第 {nul + 1} 字节），是二进制文件，不是文本表格。",
            f"A NUL at byte {nul + 1} says that the file is binary, no text table.",
            f"/byte/{nul}",
        )
    others = _legacy(path, contract)
    narrow = _with_heads(path, [UTF8], contract) if looks is Utf8.NARROW else []
    options: list[Settled] = [*others, *narrow]
    if len(options) > 1:
        raise _ambiguous([encoding for encoding, _ in options])
    if options:
        return options[0]
    if looks is Utf8.BROKEN:
        raise undecodable(path, "utf-8")
    return UTF8, _needed(path, UTF8, contract)


def _legacy(path: Path, contract: Contract) -> list[Settled]:
    """Return the encodings of old systems that the file may be in.

    A Chinese header that is recognised in one of them speaks for itself. Where the header is
    ASCII, all of the file must be readable so, and must not be UTF-8 with a few damaged bytes.
    """
    found = _with_heads(path, LEGACY, contract)
    evident = [each for each in found if each[1].is_chinese]
    if evident or not found or is_damaged_utf8(path):
        return evident
    return [each for each in found if decodes(path, each[0].codec)]


def _with_heads(path: Path, encodings: Sequence[Encoding], contract: Contract) -> list[Settled]:
    """Return those in which a header is found, each with it."""
    heads = [(each, head_of(path, each, contract)) for each in encodings]
    return [(encoding, head) for encoding, head in heads if head is not None]


def _needed(path: Path, encoding: Encoding, contract: Contract) -> Head:
    """Return the header of a file whose encoding is settled.

    Raises:
        Unreadable: there is none; a fault in the file comes first.
    """
    head = head_of(path, encoding, contract)
    if head is not None:
        return head
    rows = [cells for _, cells in first_records(path, encoding, ",")]
    if not any(cell.strip() for cells in rows for cell in cells):
        raise EmptyFile(
            "文件里没有任何文字。请上传含表头和数据的文件。",
            "There is no text in the file.",
            "/line/1",
        )
    raise _other_delimiter(rows, contract) or no_header(contract, "/line/1")


def _other_delimiter(rows: Sequence[Sequence[str]], contract: Contract) -> Unreadable | None:
    """Return the refusal of a header divided by what is no delimiter, if that is the matter."""
    names = Names(contract)
    for cells in rows:
        line = ",".join(cells)
        for delimiter, zh, en in _FULL_WIDTH:
            if names.count(line.split(delimiter)) > 1:
                return OtherDelimiter(
                    f"列之间用的是{zh}，应为英文逗号、制表符、英文分号或竖线。请改正后重新上传。",
                    f"Columns are divided by {en}; use commas, tabs, semicolons or vertical bars.",
                    "/line/1",
                )
    return None


def _contradicted(said: Encoding) -> AmbiguousEncoding:
    return AmbiguousEncoding(
        f"上传时声明的字符编码是 {said.name}，文件的内容却是 UTF-8：按声明读取会成乱码。"
        "请写明 Content-Type: text/csv; charset=utf-8（命令行：--charset utf-8），或去掉 charset。",
        f"The declared charset is {said.name}, but the bytes are UTF-8 and would become other "
        "characters. Send it with Content-Type: text/csv; charset=utf-8 (command line: --charset "
        "utf-8), or without charset.",
    )


def _ambiguous(options: Sequence[Encoding]) -> AmbiguousEncoding:
    names = [each.name for each in options]
    return AmbiguousEncoding(
        f"文件既可按 {'、也可按 '.join(names)} 读取，结果不同，平台不作猜测。请另存为带 BOM 的"
        f" UTF-8，或在上传时写明 Content-Type: text/csv; charset={names[0]}"
        f"（命令行：--charset {names[0]}）。",
        f"The file reads as {' and as '.join(names)}, with different text; nothing is guessed. "
        "Save it as UTF-8 with a byte-order mark, or send it with Content-Type: text/csv; "
        f"charset={names[0]} (command line: --charset {names[0]}).",
    )
