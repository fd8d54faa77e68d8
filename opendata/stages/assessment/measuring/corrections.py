"""Corrections: faults that the public reported in the period, and whether they were answered."""

from datetime import date

from opendata.domain.assessment.points import Cases, Figure
from opendata.domain.editions import local_day
from opendata.domain.errors import Text
from opendata.domain.working_days import nth_working_day
from opendata.stages import corrections
from opendata.stages.assessment.measuring.model import Subject, cases
from opendata.stages.corrections import Correction


def answered(subject: Subject) -> Figure:
    """Count those answered."""
    found = _reported(subject)
    counted = sum(_answered_on(each, subject) is not None for each in found)
    return Figure(counted, len(found), _listed(found))


def in_time(subject: Subject, working_days: int) -> Figure:
    """Count those answered within so many working days, of those that are out of that term.

    One whose last day nobody can tell, or is yet to come, is left out unless it was answered.
    """
    among = counted = 0
    found = _reported(subject)
    for each in found:
        answered_on = _answered_on(each, subject)
        due = nth_working_day(local_day(each.received_at), working_days, subject.calendar)
        if answered_on is not None and (due is None or answered_on <= due):
            counted += 1
        elif due is None or subject.on <= due:
            continue
        among += 1
    return Figure(counted, among, _listed(found))


def _reported(subject: Subject) -> list[Correction]:
    with subject.sources.home.database.read() as session:
        span = (subject.begins, subject.ends)
        return corrections.reported_to(session, subject.agency.id, span)


def _answered_on(correction: Correction, subject: Subject) -> date | None:
    """Return the day in China of the first answer, if there was one by then."""
    days = [local_day(each.at) for each in correction.words
            if each.kind.is_answer and each.at < subject.until]  # fmt: skip
    return min(days, default=None)


def _listed(found: list[Correction]) -> tuple[Cases, ...]:
    label = Text("更正意见", "corrections")
    datasets = sorted({each.dataset for each in found})
    return tuple(cases(label, "corrections", dataset=each) for each in datasets)
