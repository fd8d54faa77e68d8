"""Reading annual reports, whole or cell by cell, and saying what no ledger holds."""

from typing import Any

from flask import g

from opendata.domain.annual.declaring import Figure, InvalidFigure, read_figure
from opendata.domain.annual.layout import Place
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Role
from opendata.stages import annual_report
from opendata.stages.annual_report import Named
from opendata.web.access import actor, opened_to, runtime
from opendata.web.annual_reports.bodies import (
    AnnualReportBody,
    FiguresToDeclareBody,
    RecordedFactsBody,
    SectionTextsBody,
    TracedCellBody,
)
from opendata.web.annual_reports.room import PATH, blp, opened
from opendata.web.annual_reports.told import Told, report_told, trace_told
from opendata.web.catalogue import KEY_OR_NONE
from opendata.web.links import api_url


@blp.route(PATH, methods=["GET"])
@opened_to()
@blp.doc(operationId="read_annual_report", security=KEY_OR_NONE)
@blp.refuses(404)
@blp.response(200, AnnualReportBody, description="年度报告 The report")
def one(agency: str, year: int) -> Told:
    """查看年度报告 Read an annual report

    统计表依台账、已公开的数据、申报的数和上年度报告计算；没有来源的格是 null，不是零。
    勾稽关系不成立的，逐条列出是哪些格。该年度统计数据公布之前，只有本机关和主管部门可以查看。

    Its tables are computed from the ledger, from what is published, from what is declared and
    from last year's report; a cell without a source is null, which is no zero. Identities that do
    not hold are listed with the cells that break them. Until the year's figures are published
    only the agency and supervisors may read it.
    """
    report = opened(agency, year)
    return report_told(report, sees_cases=annual_report.sees_cases(g.reader, agency))


@blp.route(f"{PATH}/cells/<table>/<row>/<column>", methods=["GET"])
@opened_to()
@blp.doc(operationId="trace_annual_report_cell", security=KEY_OR_NONE)
@blp.refuses(404)
@blp.response(200, TracedCellBody, description="一格的来源 What the cell counts")
def trace(agency: str, year: int, table: str, row: str, column: str) -> Told:
    """查看一格的来源 Trace a figure

    本机关和主管部门看到所计的每件申请；公众看到公布的数、申报的说明和已公开数据的查询地址。

    The agency and supervisors see every request that it counts; the public sees the figure as
    published, what explains it, and the address of a query for published records.
    """
    report = opened(agency, year)
    sees_cases = annual_report.sees_cases(g.reader, agency)
    return trace_told(report, Place(table, row, column), sees_cases=sees_cases)


@blp.route(f"{PATH}/figures", methods=["POST"])
@opened_to(Role.AUTHOR)
@blp.arguments(FiguresToDeclareBody)
@blp.doc(operationId="declare_annual_report_figures")
@blp.refuses(404)
@blp.response(201, RecordedFactsBody, description="已记录 Recorded")
def declare(body: dict[str, Any], agency: str, year: int) -> Told:
    """申报数字 Declare figures

    台账和已公开数据中没有的数由机关申报，后申报的为准。与计算数不同又未说明理由的，
    仍以计算数为准，并在报告中列为不符。

    Figures that no ledger holds; the last one counts. One that differs from what was computed,
    without an explanation, does not take its place, and is listed as a breach.
    """
    held = runtime()
    figures = _figures(body["figures"])
    with held.home.database.begin() as session:
        recorded = annual_report.declare_figures(
            session, actor(), Named(agency, year), figures, held.now()
        )
    return _recorded(agency, year, recorded)


@blp.route(f"{PATH}/sections", methods=["POST"])
@opened_to(Role.AUTHOR)
@blp.arguments(SectionTextsBody)
@blp.doc(operationId="write_annual_report_sections")
@blp.refuses(404)
@blp.response(201, RecordedFactsBody, description="已记录 Recorded")
def write(body: dict[str, Any], agency: str, year: int) -> Told:
    """撰写报告文字 Write sections

    六个部分的文字由人撰写，后写的为准；其中的数字与统计表核对。

    The words of the six sections; the last ones count. The numbers in them are compared with the
    tables.
    """
    held = runtime()
    texts = [(each["number"], each["text"] or "") for each in body["sections"]]
    with held.home.database.begin() as session:
        recorded = annual_report.write_sections(
            session, actor(), Named(agency, year), texts, held.now()
        )
    return _recorded(agency, year, recorded)


def _figures(given: list[dict[str, Any]]) -> list[Figure]:
    """Read figures as tables print them.

    Raises:
        InvalidFigure: one is no figure.
    """
    values = [None if each["value"] is None else read_figure(each["value"]) for each in given]
    text = Text("应为数，如 8、-1、(增1)。", "A figure is expected, such as 8, -1 or (增1).")
    faults = tuple(
        Fault(f"/figures/{number}/value", text, "not-a-figure")
        for number, (each, value) in enumerate(zip(given, values, strict=True))
        if value is None and each["value"] is not None
    )
    if faults:
        raise InvalidFigure(
            f"有 {len(faults)} 个不是数，全部未予记录。",
            f"{len(faults)} are no figures, and nothing is recorded.",
            faults,
        )
    return [
        Figure(
            Place(each["table"], each["row"], each["column"]),
            value,
            (each["explanation"] or "").strip(),
        )
        for each, value in zip(given, values, strict=True)
    ]


def _recorded(agency: str, year: int, recorded: int) -> Told:
    return {"recorded": recorded, "links": {"report": api_url(f"annual-reports/{agency}/{year}")}}
