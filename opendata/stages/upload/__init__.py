"""Upload: a file arrives over several requests, and is sent in once it is whole.

An offset is told only after the bytes before it are durable. Every step of finishing may be done
again: the digest is recorded before the file moves into the vault, the submission after, and the
upload's row says in the same transaction which one it became.
"""

from opendata.stages.upload.appending import Part, append
from opendata.stages.upload.creating import Announced, create
from opendata.stages.upload.finding import look, terminate
from opendata.stages.upload.model import (
    BeyondLength,
    ChecksumMismatch,
    NoSuchUpload,
    OffsetMismatch,
    Progress,
    TooManyUploads,
    UploadExpired,
    UploadLocked,
)
from opendata.stages.upload.sweeping import sweep

__all__ = [
    "Announced",
    "BeyondLength",
    "ChecksumMismatch",
    "NoSuchUpload",
    "OffsetMismatch",
    "Part",
    "Progress",
    "TooManyUploads",
    "UploadExpired",
    "UploadLocked",
    "append",
    "create",
    "look",
    "sweep",
    "terminate",
]
