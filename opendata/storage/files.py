"""What holds for any file: when it is durable, and when there is no room for more."""

import errno
import os
import sqlite3
from pathlib import Path

import psycopg
from sqlalchemy.exc import DBAPIError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def sync(path: Path) -> None:
    """Make a file's bytes, or a folder's entries, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_full(error: BaseException) -> bool:
    """Whether something failed because a disk or a quota is used up."""
    if isinstance(error, DBAPIError):
        cause = error.orig
        if isinstance(cause, sqlite3.Error):
            return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        return isinstance(cause, psycopg.errors.DiskFull)
    return isinstance(error, OSError) and error.errno in _FULL
