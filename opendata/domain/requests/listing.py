"""Requests as a list: what waits, is due soon or overdue, and nothing of who asks for what."""

from opendata.domain.clocks import Status
from opendata.domain.contracts import Category, Field
from opendata.domain.errors import Text
from opendata.domain.listings import Listing, coded, column, needed
from opendata.domain.requests.kinds import ApplicantKind, Channel, Named, Ruling, Source, State
from opendata.domain.requests.outcomes import Outcome

_CLOCKS = {
    Status.RUNNING: "计算中",
    Status.STOPPED: "停计",
    Status.WAITING: "待申请人",
    Status.FINISHED: "已终",
    Status.INDETERMINATE: "未定",
}


def _labels(codes: type[Named]) -> dict[Named, Text]:
    return {each: each.label for each in codes}


_WHICH = (
    needed("agency", "string", Text("公开主体", "Agency"),
           Text("收到申请的公开主体的编号。", "Who was asked."), "county-office"),
    needed("number", "string", Text("编号", "Number"),
           Text("申请在该机关的编号。", "The agency's own number."), "P2026-0001"),
    needed("id", "string", Text("标识", "Id"),
           Text("接口中的标识。", "Its id in the API."), "3f2a1b0c-0000-4000-8000-000000000000"),
    coded("source", Text("来源", "Source"),
          Text("在线提交、机关登记或者台账导入。", "Filed here, registered, or from a ledger."),
          _labels(Source)),
    coded("channel", Text("提交方式", "Channel"),
          Text("提交方式决定收到日期（第三十一条）。", "It decides the day of receipt."),
          _labels(Channel)),
    coded("applicant_kind", Text("申请人类别", "Applicant"),
          Text("年度报告表三的列。", "As the annual report's table 3 has it."),
          _labels(ApplicantKind)),
)  # fmt: skip
_WHERE = (
    column("filed_on", "date", Text("提交日期", "Filed on"),
           Text("在线提交之日；空：不是在线提交的。", "The day it was filed here, if it was."),
           "2026-03-02"),
    column("received_on", "date", Text("收到日期", "Received on"),
           Text("空：尚未确认收到。", "None: its receipt is not confirmed yet."), "2026-03-02"),
    coded("state", Text("状态", "State"), Text("办理状态。", "Where it stands."), _labels(State)),
    coded("outcome", Text("办理结果", "Outcome"),
          Text("年度报告表三的行。", "The row of the annual report's table 3."), _labels(Outcome),
          required=False),
    column("ended_on", "date", Text("办结日期", "Ended on"),
           Text("答复或者撤回之日；在线提交的，迟录的答复按录入之日。",
                "The day it was answered or withdrawn; of what was filed here, the day on which "
                "the answer was recorded, if that was later."),
           "2026-03-20"),
    needed("extended", "boolean", Text("已延期", "Extended"),
           Text("是否延长过答复期限。", "Whether the term was prolonged."), "false"),
)  # fmt: skip
_CLOCK = (
    column("waiting_days", "integer", Text("待确认工作日", "Working days unconfirmed"),
           Text("提交或者登记后，待确认收到已有几个工作日；空：不在等待确认。确认之前期限不起算。",
                "For how many working days since it was filed or registered its receipt has waited "
                "to be confirmed; none: it does not. Until then no clock runs."), "3"),
    Field("clock", "string", Text("期限状态", "Clock"),
          Text("答复期限在计算、停计、等待申请人、已终，或者因放假安排未公布而未定。",
               "Whether the term runs, is stopped, waits for the applicant, is over, or reaches "
               "into a year whose holidays are not announced."),
          "running", {"enum": [str(each) for each in Status]},
          tuple(Category(str(each), _CLOCKS[each]) for each in Status)),
    column("due", "date", Text("到期日", "Due"),
           Text("答复的最后一日；空：停计、等待或者未定。",
                "The last day for the answer; none while the clock stands, or if unknown."),
           "2026-03-30"),
    column("remaining", "integer", Text("剩余工作日", "Working days left"),
           Text("今天之后还有几个工作日；负数为逾期。",
                "How many working days are left after today; overdue if below zero."), "5"),
    needed("is_overdue", "boolean", Text("已逾期", "Overdue"),
           Text("是否逾期尚未答复。", "Whether it is past its term and not answered."), "false"),
    column("late_by", "integer", Text("逾期工作日", "Late by"),
           Text("逾期几个工作日；0：按期答复；空：尚未答复且未逾期，或者未定。",
                "How many working days late it is, or was answered; 0: in time."), "0"),
    needed("marks", "integer", Text("标出的事项", "Marks"),
           Text("逾期、迟录或者迟确认的事项有几处，逐件查看时列出。",
                "How often something came late, or was told or confirmed late; each is told with "
                "the request."), "0"),
)  # fmt: skip
_AFTERWARDS = (
    coded("review", Text("行政复议", "Review"),
          Text("曾被行政复议纠正的为结果纠正，否则为最近一次行政复议的结果。",
               "Corrected if any review corrected it; else how the last one by its day stands."),
          _labels(Ruling), required=False),
    coded("litigation", Text("行政诉讼", "Litigation"),
          Text("曾被行政诉讼纠正的为结果纠正，否则为最近一次行政诉讼的结果。",
               "Corrected if any suit corrected it; else how the last one by its day stands."),
          _labels(Ruling), required=False),
)  # fmt: skip

REQUESTS = Listing(
    name="requests",
    title=Text("政府信息公开申请", "requests for information"),
    description=Text(
        "依申请公开的办理情况：何时收到、何时到期、还有或者逾期几个工作日、如何答复。"
        "不含申请人的任何信息。",
        "Requests for information: when each was received and is due, how many working days are "
        "left or overdue, how it was answered. Nothing of who asks is in it.",
    ),
    fields=(*_WHICH, *_WHERE, *_CLOCK, *_AFTERWARDS),
    key=("id",),
    default_sort=("due", "agency", "number"),
    searchable=("number", "agency"),
)
