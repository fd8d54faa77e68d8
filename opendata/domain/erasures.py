"""Erasures: bytes that are gone for good, and what is kept of that."""

from dataclasses import dataclass
from datetime import datetime

from opendata.domain.approvals import State
from opendata.domain.errors import Conflict, Gone, Text

# A submission that has come to an end, or is published, is not read again.
ENDED = frozenset(
    {
        State.INVALID,
        State.FAILED,
        State.CANCELLED,
        State.RETURNED,
        State.WITHHELD,
        State.PUBLISHED,
        State.WITHDRAWN,
    }
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """Bytes that were erased: whose they were, on what authority, why, by whom and when."""

    subject: str
    authority: str
    reason: str
    person: str
    at: datetime


class Erased(Gone):
    """The bytes were erased."""

    code = "erased"
    title = Text("已删除", "Erased")

    def __init__(self, told: Erasure) -> None:
        """Say when, on what authority and why."""
        super().__init__(
            f"这些内容已于 {told.at:%Y-%m-%d %H:%M} UTC 删除。依据：{told.authority}。"
            f"原因：{told.reason}",
            f"These bytes were erased on {told.at:%Y-%m-%d %H:%M} UTC on the authority of "
            f"{told.authority}: {told.reason}",
        )


class ErasedBytes(Conflict):
    """Exactly these bytes were erased before: they are not taken in again."""

    code = "erased-bytes"
    title = Text("内容已被删除", "These bytes were erased")

    def __init__(self, told: Erasure) -> None:
        """Say when, on what authority and why."""
        super().__init__(
            f"内容完全相同的文件已于 {told.at:%Y-%m-%d %H:%M} UTC 删除（依据：{told.authority}；"
            f"原因：{told.reason}），不再接收。请去掉不应保存的内容后重新报送。",
            f"A file of exactly these bytes was erased on {told.at:%Y-%m-%d %H:%M} UTC on the "
            f"authority of {told.authority} ({told.reason}). Take out what may not be kept, and "
            "send that.",
        )


class StillNeeded(Conflict):
    """What is to be erased is published, or a submission is still about it."""

    code = "still-needed"
    title = Text("仍需使用，不能删除", "Still needed")
