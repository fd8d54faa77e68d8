"""What stands in the place of a release that is not public, as it is answered."""

from collections.abc import Iterable

from flask import Response, after_this_request
from marshmallow import fields

from opendata.domain.takedowns import Kind, State
from opendata.stages.releases import Release
from opendata.web.forms import Answer, Instant


class TakedownBody(Answer):
    """Why a release is not public: since when, on whose authority."""

    dataset = fields.String()
    release = fields.Integer()
    state = fields.Enum(State, by_value=True)
    authority = fields.String(metadata={"description": "依据 On whose authority"})
    basis = fields.String(
        metadata={"description": "法律依据；停止公开时为空 The legal basis; empty of a suspension"}
    )
    reason = fields.String(metadata={"description": "原因 Why"})
    at = Instant(metadata={"description": "自何时起 Since when"})


class TakedownWordBody(Answer):
    """One person's word on whether a release may be public."""

    kind = fields.Enum(Kind, by_value=True)
    person = fields.String()
    authority = fields.String()
    basis = fields.String()
    reason = fields.String()
    at = Instant()


def keep_only_while_true(told: Iterable[Release]) -> None:
    """Let nobody keep an answer in which a suspension turns overdue without anything said."""
    if any(each.status.due_by and not each.overdue for each in told):
        after_this_request(_unkept)


def _unkept(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response
