"""The terms of the Disclosure Regulation: publication, requests, fees, annual reports."""

from datetime import date

from opendata.domain.deadlines.model import DeadlineRule, Unit
from opendata.domain.errors import Text

_WD, _CD, _DATE = Unit.WORKING, Unit.CALENDAR, Unit.DATE
# The regulation of 2007 came into force, that of 2019 took its place.
_FIRST = date(2008, 5, 1)
_LAST = date(2019, 5, 14)
_REVISED = date(2019, 5, 15)
# Until then nobody was charged for what many requests cost to answer.
_FEES = date(2021, 1, 1)
_OLD, _NEW = "《政府信息公开条例》（2007）", "《政府信息公开条例》"
_GUYUAN = "固原市行政审批服务局党务（政务）公开工作制度"
_FEE = "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"

_FORMED = Text("信息形成或者变更之日", "it was made or changed")
_RECEIVED = Text("收到申请之日", "the request was received")
_ENDED = Text("答复期限届满之日", "the term for the answer ended")
_ASKED = Text("收到征求意见书之日", "the letter was received")
_YEAR = Text("报告年度终了", "the end of the year it reports on")

_PUBLISHED = Text("主动公开政府信息", "proactive disclosure")
_ANSWER = Text("答复政府信息公开申请", "the answer to a request")
_PROLONGED = Text(
    "延长答复期限，须经政府信息公开工作机构负责人同意并告知申请人",
    "prolonging the answer, with the head's consent, and telling the applicant",
)
_REPORT = Text("政府信息公开工作年度报告", "the annual report on disclosure")

PUBLICATION = (
    DeadlineRule("PRO-2008", ("PRO",), _PUBLISHED, _FORMED, f"{_OLD}第十八条", _WD, 20,
                 since=_FIRST, until=_LAST),
    DeadlineRule("PRO-2019", ("PRO",), _PUBLISHED, _FORMED, f"{_NEW}第二十六条", _WD, 20,
                 since=_REVISED),
    DeadlineRule("PRO-GY", ("PRO-GY",),
                 Text("主动公开（固原市）", "proactive disclosure in Guyuan"),
                 Text("信息产生或者变更之日", "it was made or changed"),
                 _GUYUAN, _WD, 10, is_local=True),
    DeadlineRule("SVC-BY", ("SVC-BY",),
                 Text("办事条件变更的公开", "changed conditions of a public service"),
                 Text("完成审批程序之日", "the approval was complete"),
                 "巴彦淖尔市 2018 年政务公开工作要点", _WD, 1, is_local=True),
    DeadlineRule("INT-GY", ("INT-GY",),
                 Text("解读材料", "the interpretation of a policy document"),
                 Text("文件公开之日", "the document was published"),
                 _GUYUAN, _WD, 3, is_local=True),
    DeadlineRule("COORD-GY", ("COORD-GY",),
                 Text("发布协调的书面答复，紧急的立即答复",
                      "the written answer of an agency that is consulted; at once where urgent"),
                 Text("收到书面征求意见之日", "the letter was received"),
                 _GUYUAN, _WD, 10, is_local=True),
)  # fmt: skip

REQUESTS = (
    DeadlineRule("REQ-2008", ("REQ",), _ANSWER, _RECEIVED, f"{_OLD}第二十四条", _WD, 15,
                 since=_FIRST, until=_LAST, extension=15),
    DeadlineRule("REQ-2019", ("REQ",), _ANSWER, _RECEIVED, f"{_NEW}第三十三条", _WD, 20,
                 since=_REVISED, extension=20),
    DeadlineRule("REQ-2008-EXT", ("REQ-EXT",), _PROLONGED, _ENDED, f"{_OLD}第二十四条", _WD, 15,
                 since=_FIRST, until=_LAST),
    DeadlineRule("REQ-2019-EXT", ("REQ-EXT",), _PROLONGED, _ENDED, f"{_NEW}第三十三条", _WD, 20,
                 since=_REVISED),
    DeadlineRule("REQ-RECV", ("REQ-RECV",),
                 Text("收到申请之日的确定", "the day on which a request is received"),
                 Text("提交申请", "it is handed in"), f"{_NEW}第三十一条", _WD,
                 said=Text("当面提交的为提交之日；签收的邮件为签收之日；平常信函为当日与申请人确认，"
                           "以确认之日为准；互联网或者传真为双方确认之日",
                           "in person: when handed in; registered mail: when signed for; ordinary "
                           "mail, the internet and fax: when both sides have confirmed it"),
                 since=_REVISED),
    DeadlineRule("REQ-CORR", ("REQ-CORR",),
                 Text("一次性告知补正", "asking the applicant, once, to correct the request"),
                 _RECEIVED, f"{_NEW}第三十条", _WD, 7, since=_REVISED),
    DeadlineRule("REQ-3P", ("REQ-3P",),
                 Text("第三方提出意见，逾期由行政机关决定",
                      "the opinion of a third party; in its absence the agency decides"),
                 _ASKED, f"{_NEW}第三十二条", _WD, 15, since=_REVISED, is_others=True),
    DeadlineRule("REQ-JOINT", ("REQ-JOINT",),
                 Text("共同制作机关提出意见，逾期视为同意公开",
                      "the opinion of an agency that made it too; silence is consent"),
                 _ASKED, f"{_NEW}第三十四条", _WD, 15, since=_REVISED, is_others=True),
    DeadlineRule("REQ-SUSP", ("REQ-SUSP",),
                 Text("因不可抗力中止答复，恢复后继续计算，中止和恢复均书面通知申请人",
                      "suspension by force majeure: the applicant is told in writing of its "
                      "beginning and its end, and the term goes on afterwards"),
                 Text("中止", "it is suspended"), _GUYUAN, _WD,
                 said=Text("中止期间不计入答复期限", "the time of a suspension is not counted"),
                 is_local=True),
    DeadlineRule("FEE-NOTICE", ("FEE-NOTICE",),
                 Text("收费通知；缴费次日起重新计算答复期限",
                      "the notice of a fee; the answer's term begins anew with its payment"),
                 _RECEIVED, _FEE, _WD, 20, since=_FEES),
    DeadlineRule("FEE-PAY", ("FEE-PAY",),
                 Text("缴纳信息处理费，逾期视为放弃申请",
                      "the payment of a fee; without it the request counts as given up"),
                 Text("收到收费通知次日", "the notice was received"), _FEE, _CD, 30, since=_FEES,
                 is_others=True),
)  # fmt: skip

REPORTS = (
    # One day for all, until the regulation was revised: reports on 2018 were due by it.
    DeadlineRule("AR-2008", ("AR-DEPT", "AR-GOV"), _REPORT, _YEAR, f"{_OLD}第三十一条", _DATE,
                 day=(3, 31), since=_FIRST, until=_LAST),
    DeadlineRule("AR-DEPT", ("AR-DEPT",),
                 Text("部门的政府信息公开工作年度报告",
                      "a department's annual report on disclosure"),
                 _YEAR, f"{_NEW}第四十九条", _DATE, day=(1, 31), since=_REVISED),
    DeadlineRule("AR-GOV", ("AR-GOV",),
                 Text("政府的政府信息公开工作年度报告",
                      "a government's annual report on disclosure"),
                 _YEAR, f"{_NEW}第四十九条", _DATE, day=(3, 31), since=_REVISED),
    DeadlineRule("AR-GY", ("AR-GY",),
                 Text("报送年度报告材料（固原市）", "what units hand in for the annual report"),
                 _YEAR, _GUYUAN, _DATE, day=(12, 20),
                 years_after=0, is_local=True),
    DeadlineRule("RECT-GY", ("RECT-GY",),
                 Text("考核不合格后的整改方案", "the plan to set right what an assessment found"),
                 Text("接到通报之日", "the notice was received"),
                 _GUYUAN, _CD, 7, is_local=True),
)  # fmt: skip
