"""What a request says of the bytes it brings, and why they are not taken."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from opendata.domain.errors import Refusal, Text, Unprocessable

# Characters of what is said of a release; what the column of a number holds.
MOST_NOTES, MOST_RELEASES = 2000, 2**31 - 1


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the author says of a file.

    ``notes`` are published with the release; ``corrects`` is the release that it corrects.
    """

    notes: str | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """What a request says about the bytes it brings.

    ``length`` is the declared Content-Length (``None`` for chunked bodies), ``digest`` the
    Content-Digest field as sent (RFC 9530), ``idempotency_key`` the field of that name.
    """

    dataset: str
    media_type: str
    filename: str
    length: int | None
    digest: str | None
    idempotency_key: str | None
    remarks: Remarks = Remarks()


class Sender(Protocol):
    """Whoever sends a file in: a person, by one of their keys."""

    @property
    def person_id(self) -> UUID:
        """The person."""

    @property
    def key_id(self) -> UUID:
        """The key."""


class TruncatedUpload(Refusal):
    """Fewer bytes arrived than were announced."""

    code = "truncated-upload"
    title = Text("上传不完整", "The upload is incomplete")


class DigestMismatch(Refusal):
    """The bytes are not those whose digest was announced."""

    code = "digest-mismatch"
    title = Text("摘要不符", "The digest does not match")


class InvalidDigest(Refusal):
    """The Content-Digest field cannot be read, or names no algorithm that is checked here."""

    code = "invalid-digest"


class EmptyUpload(Unprocessable):
    """There is no byte to submit."""

    code = "empty-upload"


class TooLarge(Refusal):
    """The file is larger than this platform takes."""

    status = 413
    code = "too-large"
    title = Text("文件过大", "The file is too large")


class NothingToCorrect(Unprocessable):
    """The file is said to correct a release that the dataset does not have."""

    code = "nothing-to-correct"
    title = Text("没有可更正的版本", "There is nothing to correct")


class InsufficientStorage(Refusal):
    """There is no room on the platform's disk."""

    status = 507
    code = "insufficient-storage"
    title = Text("存储空间不足", "There is no room")

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "平台的存储空间不足；已确认收到的内容没有丢失。请告知系统管理员，稍后再继续。",
            "The platform's disk is full; nothing acknowledged is lost. Tell the administrator, "
            "and go on later.",
        )
