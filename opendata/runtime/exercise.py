"""Exercises 演练: a home of its own whose clock is moved, so that a year passes in an hour.

An exercise is set up as one (``opendata init --exercise``) and stays one: a home that anything
was published from never becomes one, and its clock only goes forward, as any clock does. Every
page of it says what it is.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from opendata.domain.editions import CHINA
from opendata.domain.errors import Conflict, Unprocessable
from opendata.settings import Settings
from opendata.storage.files import sync

# Whose holidays are known; and terms of years reach beyond the last.
FIRST_YEAR, LAST_YEAR = 2004, 2100


class NoExercise(Conflict):
    """The home is no exercise: its clock is everybody's."""

    code = "no-exercise"


class BadInstant(Unprocessable):
    """An instant that the clock cannot be set to."""

    code = "bad-instant"


@dataclass(frozen=True, slots=True)
class MovedClock:
    """The clock of an exercise: every process of it reads how far ahead of the machine's it is."""

    file: Path

    def __call__(self) -> datetime:
        """Return this instant of the exercise, aware, in UTC."""
        return datetime.now(UTC) + self._ahead()

    def move(self, to: datetime) -> None:
        """Set the clock; it runs on from there.

        Raises:
            BadInstant: it would go back.
        """
        if to <= self():
            at = self().astimezone(CHINA).isoformat(timespec="seconds")
            raise BadInstant(
                f"演练的时钟只能向前拨，现在是 {at}。",
                f"The clock of an exercise only goes forward; it is {at} now.",
            )
        _write(self.file, to - datetime.now(UTC))

    def _ahead(self) -> timedelta:
        told: dict[str, float] = json.loads(self.file.read_text())
        return timedelta(seconds=told["ahead_seconds"])


def begin(settings: Settings, at: datetime) -> None:
    """Make a home that is being set up an exercise whose clock shows ``at``.

    Raises:
        NoExercise: it was set up before.
    """
    if settings.secret_file.exists():
        raise NoExercise(
            f"{settings.home} 已经初始化，不能再改为演练；请用另一个 OPENDATA_HOME。",
            f"{settings.home} is set up already and cannot become an exercise; use another "
            "OPENDATA_HOME.",
        )
    _write(settings.exercise_file, at - datetime.now(UTC))


def opened(settings: Settings) -> MovedClock:
    """Return the clock of an exercise.

    Raises:
        NoExercise: the home is none.
    """
    if not settings.exercise_file.exists():
        raise NoExercise(
            f"{settings.home} 不是演练，它的时钟不能拨动。",
            f"{settings.home} is no exercise; its clock cannot be moved.",
        )
    return MovedClock(settings.exercise_file)


def clock_of(file: Path) -> Callable[[], datetime] | None:
    """Return the clock of an exercise, ``None`` where the home is none."""
    return MovedClock(file) if file.exists() else None


def instant(text: str) -> datetime:
    """Read an instant as ISO 8601; without an offset it is Chinese time.

    Raises:
        BadInstant: it is none.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _bad(text) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _bad(text)
    return (found if found.tzinfo else found.replace(tzinfo=CHINA)).astimezone(UTC)


def _bad(text: str) -> BadInstant:
    return BadInstant(
        f"“{text}”不是 {FIRST_YEAR} 至 {LAST_YEAR} 年间的时间，如 2025-04-01T09:00。",
        f"{text!r} is no instant of the years {FIRST_YEAR} to {LAST_YEAR}, such as "
        "2025-04-01T09:00.",
    )


def _write(file: Path, ahead: timedelta) -> None:
    """Replace the file at once: a process that reads meanwhile sees the old one or the new."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.write_text(json.dumps({"ahead_seconds": ahead.total_seconds()}) + "\n")
    fresh.replace(file)
    sync(file.parent)
