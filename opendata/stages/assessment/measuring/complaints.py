"""Complaints about the agency: those upheld in the period, whose outcome is public."""

from opendata.domain.assessment.points import Figure
from opendata.domain.errors import Text
from opendata.stages import complaints
from opendata.stages.assessment.measuring.model import Subject, cases


def upheld(subject: Subject) -> Figure:
    """Count the decisions of the period that stand and were told in writing."""
    with subject.sources.home.database.read() as session:
        found = complaints.outcomes(session)
    counted = sum(
        each.agency.id == subject.agency.id and subject.holds(each.status.ended_on)
        for each in found
    )
    label = Text("已公开的处理结果", "outcomes that are public")
    year = str(subject.period.first.year)
    told = cases(label, "accountability", agency=subject.agency.id, year=year)
    return Figure(counted, cases=(told,))
