"""Receive: bytes are durable and a submission is recorded before anybody is told 202."""

from opendata.stages.receive.keys import (
    ABANDONED,
    REMEMBERED,
    IdempotencyMismatch,
    InvalidIdempotencyKey,
    StillInFlight,
    abandon,
    check_key,
    forget_old,
    remembered,
    submission_of,
)
from opendata.stages.receive.model import (
    DigestMismatch,
    EmptyUpload,
    InsufficientStorage,
    InvalidDigest,
    Sender,
    TooLarge,
    TruncatedUpload,
    Upload,
)
from opendata.stages.receive.taking import (
    begin,
    check_may_submit,
    check_size,
    record,
    store,
)
from opendata.storage.files import is_full

__all__ = [
    "ABANDONED",
    "REMEMBERED",
    "DigestMismatch",
    "EmptyUpload",
    "IdempotencyMismatch",
    "InsufficientStorage",
    "InvalidDigest",
    "InvalidIdempotencyKey",
    "Sender",
    "StillInFlight",
    "TooLarge",
    "TruncatedUpload",
    "Upload",
    "abandon",
    "begin",
    "check_key",
    "check_may_submit",
    "check_size",
    "forget_old",
    "is_full",
    "record",
    "remembered",
    "store",
    "submission_of",
]
