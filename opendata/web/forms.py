"""Fields that the platform's bodies share."""

from datetime import datetime
from typing import Any

from marshmallow import fields

from opendata.domain.queries import moment_text


class Instant(fields.AwareDateTime):
    """An instant, written as RFC 3339 in UTC with a Z."""

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: object, **kwargs: Any
    ) -> str | float | None:
        return None if value is None else moment_text(value)
