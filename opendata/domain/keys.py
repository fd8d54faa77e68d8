"""Keys as text: what scanners recognise, and what a slip of the hand makes of one."""

import re
import zlib
from datetime import timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from opendata.domain.errors import Conflict, Refusal, Text
from opendata.domain.limits import RateLimited

# Letters and digits only: a double click takes all of it, and no shell reads anything into it.
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PREFIX = "odk_"
# 62 to the power of 43 is more than 2 to the power of 256.
RANDOM_LETTERS = 43
_CHECK_LETTERS = 6
_SHAPE = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{RANDOM_LETTERS + _CHECK_LETTERS}}}")

USUAL_OVERLAP = timedelta(days=7)
MOST_OVERLAP = timedelta(days=30)
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_TERM = re.compile(r"([0-9]{1,6})([dhm])")


class InVain(StrEnum):
    """Why a key that there is opens nothing."""

    REVOKED = "revoked"
    DEPARTED = "departed"
    EXPIRED = "expired"
    ELSEWHERE = "elsewhere"


class NotAuthenticated(Refusal):
    """The request carries no key, or one that does not count."""

    status = 401
    code = "not-authenticated"
    title = Text("未通过身份验证", "Not authenticated")

    # Which key it was, where there is such a key, and why: for the log, never for the answer.
    tried: tuple[UUID, InVain] | None = None

    def of(self, key_id: UUID, why: InVain) -> Self:
        """Return the same refusal, of a key that there is."""
        self.tried = key_id, why
        return self


class ExpiredKey(NotAuthenticated):
    """The key was good until its time ran out."""

    code = "expired-key"


class MistypedKey(NotAuthenticated):
    """The text has the length of a key, and its last letters do not fit the others."""

    code = "mistyped-key"


class TooManyAttempts(RateLimited):
    """Keys that do not count came from one address more often than anybody mistypes one."""

    code = "too-many-attempts"
    title = Text("无效密钥过多", "Too many keys that do not count")


class KeyEnded(Conflict):
    """The key does not count any more, so that there is nothing to renew."""

    code = "key-ended"


class AlreadyRotated(Conflict):
    """The key that was made in place of this one is in use already."""

    code = "already-rotated"


def spelt(letters: str) -> str:
    """Return the key of so many random letters: the prefix before them, their check behind.

    >>> spelt("A" * 43)
    'odk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA0DofJ8'
    """
    return PREFIX + letters + _check(letters)


def check_spelling(secret: str) -> None:
    """Raise ``MistypedKey`` if the text cannot be a key though it has the shape of one.

    Keys made before there was a check are shorter, and pass.
    """
    if _SHAPE.fullmatch(secret) and not secret.endswith(_check(secret[len(PREFIX) :][:-6])):
        raise MistypedKey(
            "密钥有误：校验字符不符，请核对是否抄错或漏字。",
            "The key is mistyped: its check letters do not fit.",
        )


def read_term(text: str) -> timedelta | None:
    """Read how long a key goes on beside its successor; ``None`` if it is no such term.

    >>> read_term("7d"), read_term("90m"), read_term("1w"), read_term("31d")
    (datetime.timedelta(days=7), datetime.timedelta(seconds=5400), None, None)
    """
    match = _TERM.fullmatch(text)
    if match is None:
        return None
    term = timedelta(**{_UNITS[match[2]]: int(match[1])})
    return term if term <= MOST_OVERLAP else None


def _check(letters: str) -> str:
    """Write the CRC-32 of some letters in six letters of the same alphabet."""
    number, written = zlib.crc32(letters.encode()), ""
    for _ in range(_CHECK_LETTERS):
        number, digit = divmod(number, len(ALPHABET))
        written = ALPHABET[digit] + written
    return written
