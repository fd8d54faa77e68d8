"""Whose report it is, as the agency's own published catalogue of obligations says."""

from datetime import date

from opendata.domain.annual.model import Level, level_by
from opendata.domain.catalogue import Agency
from opendata.stages.annual_report.model import Means
from opendata.stages.annual_report.published import PublicRecords
from opendata.stages.comply import COLLECTION as OBLIGATIONS

_FIELDS = ("deadline_rule", "effective_from", "effective_until")


def catalogued_level(means: Means, agency: Agency, year: int) -> Level | None:
    """Return the level by the rule that the report on a year is due by, as it is published.

    ``None`` where no obligation of the agency that was in force at the end of the year says it,
    or one says this and another that.
    """
    ended = date(year, 12, 31)
    wanted = {
        "publisher_name": [agency.name.zh],
        "method": ["proactive"],
        "deadline_rule": [each.rule for each in Level],
    }
    found = PublicRecords(means).matching(_FIELDS, wanted, OBLIGATIONS) or ()
    return level_by(
        each["deadline_rule"]
        for each in found
        if each["effective_from"] <= ended
        and (each["effective_until"] is None or ended <= each["effective_until"])
    )
