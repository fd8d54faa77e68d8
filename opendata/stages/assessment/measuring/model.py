"""What is measured: one agency in one period, as it stood on a day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from opendata.domain.assessment.points import Cases
from opendata.domain.catalogue import Agency
from opendata.domain.compliance.periods import Period
from opendata.domain.editions import CHINA
from opendata.domain.errors import Text
from opendata.domain.working_days import Calendar
from opendata.stages.comply import Sources


@dataclass(frozen=True, slots=True)
class Subject:
    """An agency in a period, as it stood at the end of the day ``on``; ``now`` is later."""

    sources: Sources
    agency: Agency
    period: Period
    on: date
    now: datetime

    @property
    def calendar(self) -> Calendar:
        """The days worked where the agency is."""
        return self.sources.rules.calendar(self.agency.region_code)

    @property
    def until(self) -> datetime:
        """The first moment after the day."""
        return datetime.combine(self.on + timedelta(days=1), time.min, CHINA)

    @property
    def begins(self) -> datetime:
        """The first moment of the period."""
        return datetime.combine(self.period.first, time.min, CHINA)

    @property
    def ends(self) -> datetime:
        """The first moment after the period."""
        return datetime.combine(self.period.last + timedelta(days=1), time.min, CHINA)

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in the period."""
        return day is not None and self.period.first <= day <= self.period.last

    @property
    def span(self) -> str:
        """The period as a filter writes it."""
        return f"{self.period.first},{self.period.last}"


def cases(label: Text, path: str, **parameters: str) -> Cases:
    """Say where cases are listed: a path below the API's root, with parameters."""
    return Cases(label, f"{path}?{urlencode(parameters)}" if parameters else path)
