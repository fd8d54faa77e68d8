"""Fields that the platform's bodies share."""

from datetime import datetime
from typing import Any, ClassVar

from marshmallow import Schema, fields

from opendata.domain.queries import moment_text


class Answer(Schema):
    """What the platform answers: every key is there, but for those in ``sometimes``."""

    sometimes: ClassVar[frozenset[str]] = frozenset()


class Links(fields.Function):
    """Addresses that belong to an answer, by their relation."""


class Instant(fields.AwareDateTime):
    """An instant, written as RFC 3339 in UTC with a Z."""

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: object, **kwargs: Any
    ) -> str | float | None:
        return None if value is None else moment_text(value)
