"""Cases as a list: the columns by which they are asked for, exported and documented."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from opendata.domain.compliance.cases import Case
from opendata.domain.compliance.model import Frequency, Kind, Status
from opendata.domain.contracts import Field
from opendata.domain.errors import Text
from opendata.domain.listings import Listing, Row, coded, column, needed
from opendata.domain.values import Value

_MET_BY = {
    Kind.RELEASE: Text("发布版本", "a release"),
    Kind.DOCUMENT: Text("文件链接", "a document"),
    Kind.EXEMPTION: Text("说明理由免予公开", "a reasoned exemption"),
}


def _labels(kind: type[StrEnum]) -> dict[Any, Text]:
    return {each: each.label for each in kind}  # type: ignore[attr-defined]  # both enums have it.


_OF_THE_OBLIGATION = (
    needed("agency", "string", Text("公开主体", "Agency"),
           Text("负责的公开主体的编号；目录所列主体未在本平台登记的，为报送目录的主体。",
                "Who answers for it; where the publisher is no agency here, whose catalogue it "
                "is."),
           "county-office"),
    needed("publisher_name", "string", Text("目录所列主体", "Publisher"),
           Text("目录所写的公开主体名称。", "The publisher as the catalogue names it."),
           "示例县人民政府（虚构）"),
    column("region_code", "string", Text("行政区划代码", "Region"),
           Text("GB/T 2260 代码。", "Its GB/T 2260 code."), "450321"),
    needed("obligation", "string", Text("事项记录标识", "Obligation"),
           Text("目录中该事项的 _id。", "The _id of its record in the catalogue."), ""),
    needed("obligation_code", "string", Text("事项编码", "Code"),
           Text("目录中的编码。", "Its code in the catalogue."), "17-003-02"),
    needed("field", "string", Text("公开领域", "Field"),
           Text("公开领域。", "The field it belongs to."), "就业"),
    needed("level1_item", "string", Text("一级事项", "First-level item"),
           Text("一级公开事项。", "The first-level item."), "职业培训"),
    column("level2_item", "string", Text("二级事项", "Second-level item"),
           Text("二级公开事项。", "The second-level item."), "申领条件"),
    coded("frequency", Text("公开频次", "Frequency"),
          Text("按期公开的频次，或随时。", "How often it is due, or as it happens."),
          _labels(Frequency), required=True),
)  # fmt: skip
_OF_THE_CASE = (
    needed("occasion", "string", Text("期次", "Occasion"),
           Text("时段（2025、2025H1、2025Q1、2025-03）或所记事由。",
                "A period (2025, 2025H1, 2025Q1, 2025-03) or an occasion that was recorded."),
           "2025"),
    needed("period", "string", Text("统计时段", "Period"),
           Text("期次即时段；否则为起算日所在的月。",
                "The occasion where it is a period, else the month of the trigger."), "2025"),
    needed("year", "integer", Text("年度", "Year"),
           Text("统计时段所在的年。", "The year of the period."), "2025"),
    column("title", "string", Text("事由", "Title"),
           Text("所记事由的名称。", "What was recorded of it."), ""),
    column("rule", "string", Text("时限规则", "Rule"),
           Text("所适用的时限规则；空：起算日尚无规则。",
                "The rule that holds; none where no rule was in force then."), "PRO-2019"),
    needed("trigger_date", "date", Text("起算日", "Trigger"),
           Text("期限自此日起算，此日不计入。", "The day the term runs from, not counted."),
           "2025-12-31"),
    needed("is_recorded", "boolean", Text("起算日经记录", "Recorded"),
           Text("起算日由公开主体记录；否则为时段的末日。",
                "Whether the agency recorded the trigger; else it is the period's last day."),
           "false"),
    column("due_date", "date", Text("到期日", "Due"),
           Text("空：所涉年度的放假安排尚未公布，期限未定。",
                "None: it reaches into a year whose holidays are not announced."), "2026-01-29"),
    column("due_rolled", "date", Text("判定迟延之日", "Judged by"),
           Text("到期日是休息日而依规则顺延的，为其后第一个工作日。",
                "The next working day, where the due day is a day off and the rule rolls it."),
           "2026-01-29"),
)  # fmt: skip
_OF_WHERE_IT_STANDS = (
    coded("status", Text("状态", "Status"),
          Text("该日的状态。", "Where it stands on the day."), _labels(Status), required=True),
    column("late_by", "integer", Text("迟延工作日数", "Late by"),
           Text("迟延或逾期的工作日数；0：按时。", "Working days late or overdue; 0: on time."),
           "3"),
    column("fulfilled_on", "date", Text("公开日", "Disclosed on"),
           Text("公开之日。", "The day it was disclosed."), "2026-01-20"),
    column("said_on", "date", Text("记录日", "Recorded on"),
           Text("公开主体记录履行情况之日；空：平台依发布版本认定。",
                "The day the agency recorded it; none where its dataset met it by itself."),
           "2026-01-21"),
    coded("met_by", Text("履行方式", "Met by"),
          Text("发布版本、文件链接，或说明理由免予公开。",
               "A release, a document, or an exemption."),
          _MET_BY, required=False),
    column("met_dataset", "string", Text("数据集", "Dataset"),
           Text("所发布的数据集。", "The dataset that was released."), "budgets-2018"),
    column("met_release", "integer", Text("发布版本号", "Release number"),
           Text("发布版本号。", "The release's number."), "1"),
    column("url", "string", Text("网址", "Address"),
           Text("文件的网址，由公开主体提供，平台未核对其内容。",
                "Where the document is, as the agency says; the platform has not read it."), ""),
    column("basis", "string", Text("依据", "Basis"),
           Text("依据。", "The legal basis."), ""),
    column("reason", "string", Text("理由", "Reason"),
           Text("理由。", "The reason."), ""),
)  # fmt: skip
AS_OF = Field(
    "as_of",
    "date",
    Text("截至", "As of"),
    Text(
        "截至此日终了（北京时间）的状态：此后记录的事实不计，此后公开的目录不用；默认为今天。",
        "As it stood at the end of this day in China: facts recorded later do not count, nor do "
        "catalogues published later. Today by default.",
    ),
    "2026-01-31",
    {},
)

CASES = Listing(
    name="compliance-cases",
    title=Text("公开事项履行情况", "cases of obligations"),
    description=Text(
        "每个公开事项每一期或每一次的到期日、是否公开、迟延几个工作日。放假安排尚未公布的，"
        "状态为期限未定。撤回或停止公开的版本不算公开。",
        "Of each obligation, for each period or occasion: by when it was due, whether it was "
        "disclosed, late by how many working days. Where holidays are not announced yet it is "
        "indeterminate. A release that was taken down does not count.",
    ),
    fields=(*_OF_THE_OBLIGATION, *_OF_THE_CASE, *_OF_WHERE_IT_STANDS),
    key=("agency", "obligation", "occasion"),
    default_sort=("due_date", "agency", "obligation_code"),
    searchable=("publisher_name", "field", "level1_item", "level2_item", "title"),
    parameters=(AS_OF,),
)


def rows(cases: Iterable[Case]) -> list[Row]:
    """Return cases as rows of the list, of which nothing is made that is not read."""
    return [_CaseRow(each) for each in cases]


class _CaseRow(Mapping[str, Value | None]):
    """A case, read as a row: a list of a hundred thousand is narrowed before it is written."""

    __slots__ = ("_case",)

    def __init__(self, case: Case) -> None:
        self._case = case

    def __getitem__(self, name: str) -> Value | None:
        return _READ[name](self._case)

    def __iter__(self) -> Iterator[str]:
        return iter(_READ)

    def __len__(self) -> int:
        return len(_READ)


def _said(case: Case, name: str) -> Value | None:
    """Return what the word that counts says; nothing where it is empty."""
    value: Value | None = getattr(case.met, name, None)
    return None if value == "" else value


_READ: Mapping[str, Callable[[Case], Value | None]] = {
    "agency": lambda case: case.obligation.agency,
    "publisher_name": lambda case: case.obligation.publisher,
    "region_code": lambda case: case.obligation.region,
    "obligation": lambda case: case.obligation.id,
    "obligation_code": lambda case: case.obligation.code,
    "field": lambda case: case.obligation.field,
    "level1_item": lambda case: case.obligation.item,
    "level2_item": lambda case: case.obligation.subitem or None,
    "frequency": lambda case: case.obligation.frequency.value,
    "occasion": lambda case: case.occasion,
    "period": lambda case: case.period,
    "year": lambda case: case.year,
    "title": lambda case: case.title or None,
    "rule": lambda case: case.term.rule or None,
    "trigger_date": lambda case: case.term.trigger,
    "is_recorded": lambda case: case.is_recorded,
    "due_date": lambda case: case.term.day,
    "due_rolled": lambda case: case.term.rolled,
    "status": lambda case: case.status.value,
    "late_by": lambda case: case.late_by,
    "fulfilled_on": lambda case: _said(case, "on"),
    "said_on": lambda case: _said(case, "said_on"),
    "met_by": lambda case: None if case.met is None else case.met.kind.value,
    "met_dataset": lambda case: _said(case, "dataset"),
    "met_release": lambda case: _said(case, "release"),
    "url": lambda case: _said(case, "url"),
    "basis": lambda case: _said(case, "basis"),
    "reason": lambda case: _said(case, "reason"),
}
