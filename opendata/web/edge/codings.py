"""Content codings of answers that are made on demand: zstd and gzip, at their fast levels."""

import threading
import zlib
from functools import lru_cache

import zstandard
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

PLAIN = ""
CODINGS = ("zstd", "gzip")
# Less than this fits into one packet anyhow.
LEAST_BYTES = 1_000
# More than this is a file, which is packed once, not for every reader.
MOST_BYTES = 8 * 1024 * 1024
TEXTUAL = frozenset(
    {
        "application/json",
        "application/ld+json",
        "application/problem+json",
        "application/atom+xml",
        "application/x-ndjson",
        "text/csv",
        "text/html",
        "text/plain",
    }
)
_ZSTD_LEVEL = 1
_GZIP_LEVEL = 1
# Of zlib: the largest window, with a gzip header, which holds no time.
_GZIP_WINDOW = 31
_own = threading.local()


@lru_cache(maxsize=512)
def chosen(accept_encoding: str) -> str:
    """Return the coding that a reader likes best; of two liked the same, the faster.

    Only what is named is sent: some say ``*`` and mean nothing by it. Unpacked is always
    accepted, and liked better only where that is said (RFC 9110, 12.5.3).

    >>> chosen("gzip, deflate, br, zstd"), chosen("gzip;q=1, zstd;q=0.5"), chosen("*")
    ('zstd', 'gzip', '')
    """
    liked = {
        name.lower(): quality
        for name, quality in parse_accept_header(accept_encoding or None, Accept)
    }
    best = max(CODINGS, key=lambda each: liked.get(each, 0.0))
    quality = liked.get(best, 0.0)
    return best if quality > 0 and quality >= liked.get("identity", 0.0) else PLAIN


def packed(body: bytes, coding: str) -> bytes:
    """Return ``body`` in a coding; the same bytes for the same body."""
    if coding == "gzip":
        return zlib.compress(body, _GZIP_LEVEL, _GZIP_WINDOW)
    # A compressor serves one thread at a time and takes longer to make than to use.
    compressor: zstandard.ZstdCompressor | None = getattr(_own, "zstd", None)
    if compressor is None:
        compressor = _own.zstd = zstandard.ZstdCompressor(level=_ZSTD_LEVEL)
    return compressor.compress(body)


def tag_of(tag: str, coding: str) -> str:
    """Return the strong tag of a representation in a coding, from that of the plain one."""
    return f'{tag[:-1]}-{coding}"' if coding else tag


def with_plain_tags(if_none_match: str) -> str:
    """Add to the tags that a reader has those that the plain representations have.

    >>> with_plain_tags('"a-gzip", "b"')
    '"a-gzip", "b", "a"'
    """
    found = [each.strip() for each in if_none_match.split(",")]
    plain = [
        each.removesuffix(f'-{coding}"') + '"'
        for each in found
        for coding in CODINGS
        if each.endswith(f'-{coding}"')
    ]
    return ", ".join([*found, *plain])
