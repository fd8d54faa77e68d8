"""Kept diffs: what submissions would change, computed once, until nobody decides about it.

Nothing here is a fact: whatever is lost is computed again.
"""

import os
import shutil
from collections.abc import Collection
from pathlib import Path

from opendata.storage.files import sync
from opendata.storage.pieces import Content, Piece

_SUMMARY, _LINES, _TRIGGERS = ".json", ".ndjson", ".triggers"


class KeptDiffs:
    """A folder of diffs by their tags: a summary, a file of changes, and days; see ``triggers``."""

    def __init__(self, root: Path, drafts: Path) -> None:
        """Prepare; the folders are made when there is something to keep."""
        self._root = root
        self._drafts = drafts

    def summary(self, tag: str) -> bytes | None:
        """Return the summary that was kept under a tag, ``None`` if none was."""
        try:
            return (self._root / f"{tag}{_SUMMARY}").read_bytes()
        except FileNotFoundError:
            return None

    def lines(self, tag: str) -> Content:
        """Return the changes that were kept under a tag.

        Raises:
            FileNotFoundError: they are not there, or no longer.
        """
        path = self._root / f"{tag}{_LINES}"
        return Content((Piece(path, 0, path.stat().st_size),), tag)

    def triggers(self, tag: str) -> bytes | None:
        """Return what ``keep_triggers`` was given under a tag, ``None`` if it was not."""
        try:
            return (self._root / f"{tag}{_TRIGGERS}").read_bytes()
        except FileNotFoundError:
            return None

    def keep_triggers(self, tag: str, text: bytes) -> None:
        """Keep from which days the terms of added records run; before the diff itself."""
        self._draft().write_bytes(text)
        self._settle(tag + _TRIGGERS)

    def keep(self, tag: str, summary: bytes, lines: Path | None) -> None:
        """Keep a diff; its summary comes last, so that what has one is whole."""
        if lines is not None:
            shutil.copyfile(lines, self._draft())
            self._settle(tag + _LINES)
        self._draft().write_bytes(summary)
        self._settle(tag + _SUMMARY)

    def forget(self, subject: str) -> None:
        """Forget the diffs of a subject, whose tags begin with it."""
        for path in self._root.glob(f"{subject}-*"):
            path.unlink(missing_ok=True)

    def keep_only(self, tags: Collection[str]) -> None:
        """Forget every diff but those with these tags."""
        for path in self._root.glob("*"):
            if path.stem not in tags:
                path.unlink(missing_ok=True)

    def _draft(self) -> Path:
        """Return where this process, which does one thing at a time, writes it."""
        self._drafts.mkdir(parents=True, exist_ok=True)
        return self._drafts / f"diff-{os.getpid()}"

    def _settle(self, name: str) -> None:
        """Make the draft durable under its name: a file is there whole or not at all."""
        self._root.mkdir(parents=True, exist_ok=True)
        sync(self._draft())
        self._draft().rename(self._root / name)
        sync(self._root)
