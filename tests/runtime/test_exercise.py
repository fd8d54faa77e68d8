"""An exercise is a home of its own whose clock is moved; no other home has such a clock."""

from datetime import UTC, datetime, timedelta

import pytest

from opendata.app import app_of
from opendata.runtime import Runtime, exercise, initialise, utc_now
from tests.platforms import close, settings_of

NEW_YEAR = datetime(2025, 1, 2, 1, tzinfo=UTC)


@pytest.fixture
def practice(tmp_path, contracts):
    """An exercise that begins on 2 January 2025, at nine in China."""
    settings = settings_of(tmp_path / "home")
    initialise(settings, NEW_YEAR)
    runtime = Runtime.of(settings)
    yield runtime
    close(runtime)


def near(found: datetime, wanted: datetime) -> bool:
    """Whether an instant is not a minute after another."""
    return timedelta() <= found - wanted < timedelta(minutes=1)


def test_its_clock_begins_where_it_was_told_and_runs(practice):
    first = practice.now()

    assert near(first, NEW_YEAR)
    assert practice.now() > first
    assert practice.is_exercise


def test_every_process_sees_its_clock_moved_at_once(practice):
    other = Runtime.of(practice.settings)
    to = exercise.instant("2025-04-01T09:00")

    exercise.opened(practice.settings).move(to)

    assert near(practice.now(), to)
    assert near(other.now(), to)
    close(other)


def test_its_clock_never_goes_back(practice):
    with pytest.raises(exercise.BadInstant):
        exercise.opened(practice.settings).move(NEW_YEAR)


def test_its_pages_say_what_it_is(practice):
    page = app_of(practice).test_client().get("/").text

    assert "演练 Exercise" in page


def test_a_home_that_is_one_already_never_becomes_an_exercise(tmp_path):
    settings = settings_of(tmp_path / "home")
    initialise(settings)

    with pytest.raises(exercise.NoExercise):
        initialise(settings, NEW_YEAR)

    assert exercise.clock_of(settings.exercise_file) is None
    with pytest.raises(exercise.NoExercise):
        exercise.opened(settings)


def test_any_other_platform_goes_by_the_clock_of_its_machine(library):
    held = library.client.application.extensions["opendata"]

    assert not held.is_exercise
    assert "演练 Exercise" not in library.client.get("/").text
    assert utc_now() - datetime.now(UTC) < timedelta(seconds=1)


@pytest.mark.parametrize("text", ["tomorrow", "2025-13-01T09:00", "9999-12-31T23:59:59-23:59"])
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(exercise.BadInstant):
        exercise.instant(text)


def test_an_instant_without_an_offset_is_chinese_time():
    assert exercise.instant("2025-01-02T09:00") == NEW_YEAR
    assert exercise.instant("2025-01-02T09:00Z") == NEW_YEAR + timedelta(hours=8)
