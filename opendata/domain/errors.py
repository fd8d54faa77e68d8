"""What the platform refuses, in words for people and codes for programs (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple


class Text(NamedTuple):
    """One sentence in the two languages of the platform, Chinese first."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One located part of a refusal: an entry of ``errors[]`` in the problem document.

    ``pointer`` is a JSON Pointer into the body (RFC 6901, ``/period``) or the name of a query
    parameter or header, written ``?name`` or ``Name:``.
    """

    pointer: str
    detail: Text
    code: str


class Refusal(Exception):
    """A request that the rules refuse; becomes a problem document, never a stack trace."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad-request"
    title: ClassVar[Text] = Text("请求无法处理", "The request cannot be carried out")

    # What the problem document says besides (RFC 9457, 3.2), by the name of the member.
    members: Mapping[str, object] = {}

    def __init__(self, zh: str, en: str, faults: tuple[Fault, ...] = ()) -> None:
        """Say what is wrong in both languages, and where (``faults``)."""
        super().__init__(en)
        self.detail = Text(zh, en)
        self.faults = faults


class Forbidden(Refusal):
    """The actor is known, and may not do this."""

    status = 403
    code = "forbidden"
    title = Text("无权进行此操作", "Not allowed")


class NotFound(Refusal):
    """What the address names does not exist, or is not public."""

    status = 404
    code = "not-found"
    title = Text("没有找到", "Not found")


class Conflict(Refusal):
    """The request contradicts the state that the facts give."""

    status = 409
    code = "conflict"
    title = Text("与当前状态冲突", "Conflict with the current state")


class Gone(Refusal):
    """It was public and was taken out, by law or by decision."""

    status = 410
    code = "gone"
    title = Text("已停止公开", "No longer public")


class Unprocessable(Refusal):
    """Well-formed, and still not acceptable."""

    status = 422
    code = "unprocessable"
    title = Text("内容不符合要求", "The content is not acceptable")
