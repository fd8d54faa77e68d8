"""Annual reports as they are told: to the agency with who and which, to the public with numbers."""

from typing import Any

from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import AnnualReport, Cell, Declared, Section, Source
from opendata.web.links import api_url

Told = dict[str, Any]


def report_told(report: AnnualReport, *, sees_cases: bool) -> Told:
    """Return a report; who said what is told with ``sees_cases``."""
    agency = report.agency
    return {
        "agency": {
            "id": agency.id,
            "name": agency.name,
            "level": report.level,
            "region_code": agency.region_code,
        },
        "year": report.year,
        "template": report.template.code,
        "basis": report.template.basis,
        "due": report.due,
        "due_rule": report.due_rule,
        "computed_on": report.computed_on,
        "published": report.published,
        "previous": report.previous,
        "complete": report.is_complete,
        "holds": report.holds,
        "notes": report.notes,
        "tables": [
            {
                "code": table.code,
                "title": table.title,
                "cells": [
                    cell_told(report, report.cells[place], sees_cases=sees_cases)
                    for place in table.places
                ],
            }
            for table in report.template.tables
        ],
        "missing": [place._asdict() for place in report.missing],
        "breaches": report.breaches,
        "sections": [_section_told(each, sees_cases=sees_cases) for each in report.sections],
        "links": links_of(report),
    }


def trace_told(report: AnnualReport, place: Place, *, sees_cases: bool) -> Told:
    """Return one cell with what it counts."""
    cell = report.cell(place)
    counted = cell.counted
    of_ledger = counted is not None and counted.source is Source.LEDGER
    return {
        **cell_told(report, cell, sees_cases=sees_cases),
        "count": len(counted.cases) if counted is not None and of_ledger else None,
        "cases": [_case_told(each) for each in counted.cases]
        if counted is not None and of_ledger and sees_cases
        else None,
        "breaches": report.broken(place),
        "links": links_of(report),
    }


def cell_told(report: AnnualReport, cell: Cell, *, sees_cases: bool) -> Told:
    """Return one cell."""
    place, counted = cell.place, cell.counted
    return {
        **place._asdict(),
        "name": report.template.row(place).name,
        "unit": cell.unit,
        "value": cell.value,
        "source": cell.source,
        "counted": None
        if counted is None
        else {
            "value": counted.value,
            "source": counted.source,
            "address": None if counted.address is None else api_url(counted.address),
        },
        "declared": _declared_told(cell.declared, sees_cases=sees_cases),
        "trace": api_url(f"{_path(report)}/cells/{place.table}/{place.row}/{place.column}"),
    }


def links_of(report: AnnualReport) -> dict[str, str]:
    """Return where a report and what belongs to it is."""
    found = {"self": api_url(_path(report))}
    if report.published is not None:
        found["dataset"] = api_url(f"datasets/{report.published}")
    if report.previous is not None:
        found["previous"] = api_url(f"annual-reports/{report.agency.id}/{report.year - 1}")
    return found


def _path(report: AnnualReport) -> str:
    return f"annual-reports/{report.agency.id}/{report.year}"


def _declared_told(declared: Declared | None, *, sees_cases: bool) -> Told | None:
    if declared is None:
        return None
    return {
        "value": declared.value,
        "explanation": declared.explanation,
        "number": declared.number,
        "at": declared.at,
        "person": declared.person if sees_cases else None,
    }


def _section_told(section: Section, *, sees_cases: bool) -> Told:
    names = ("number", "title", "standing", "text", "table", "numbers", "written_at")
    told = {name: getattr(section, name) for name in names}
    return {**told, "person": section.person or None if sees_cases else None}


def _case_told(case: str) -> Told:
    request, _, event = case.partition("#")
    return {
        "id": request,
        "event": int(event) if event else None,
        "link": api_url(f"requests/{request}"),
    }
