"""Official time: the table that engines shift instants by says what the zone says."""

from bisect import bisect
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from opendata.domain.editions import CHINA
from opendata.domain.official_time import official_offsets

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def by_table(moment):
    """Return the local time of an instant, found in the table."""
    since = (moment - EPOCH) // timedelta(microseconds=1)
    at = max(bisect(official_offsets(), since, key=lambda each: each[0]) - 1, 0)
    return moment.replace(tzinfo=None) + timedelta(microseconds=official_offsets()[at][1])


def test_every_change_is_in_the_table_to_the_microsecond():
    assert len(official_offsets()) > 20
    for since, _ in official_offsets():
        for micros in (-1, 0, 1):
            moment = EPOCH + timedelta(microseconds=since + micros)
            assert by_table(moment) == moment.astimezone(CHINA).replace(tzinfo=None)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - Hypothesis takes bounds without a zone.
@example(datetime(1986, 5, 4, 18, tzinfo=UTC))
def test_any_instant_has_the_local_time_of_the_zone(moment):
    assert by_table(moment) == moment.astimezone(CHINA).replace(tzinfo=None)
