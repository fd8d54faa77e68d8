"""Fields that the platform's bodies share."""

from datetime import datetime
from typing import Any, ClassVar

from marshmallow import Schema, fields, validate

from opendata.domain.queries import moment_text

# What may be written, but for line ends and tabs: a terminal or a browser would act on the rest.
_UNSEEN = (
    r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
)
_BLANK = r"\t\n\r \u00a0\u200b-\u200d\u3000\ufeff"
# A text that says something, and says it as it is seen; for what is kept and told for good.
TELLING = (
    validate.Length(1, 2000),
    validate.Regexp(
        rf"^[{_BLANK}]*[^\s{_BLANK}{_UNSEEN}][^{_UNSEEN}]*$",
        error="Must be a text, without control or bidirectional characters.",
    ),
)


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


class TextBody(Answer):
    """A sentence in both languages."""

    zh = fields.String()
    en = fields.String()
