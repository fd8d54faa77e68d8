"""The terms of special laws: budgets, construction projects, penalties, licences."""

from datetime import date

from opendata.domain.deadlines.model import DeadlineRule, Severity, Unit
from opendata.domain.errors import Text

_WD, _CD, _M = Unit.WORKING, Unit.CALENDAR, Unit.MONTHS
_BUDGET, _BUDGET_RULES = "《预算法》", "《预算法实施条例》"
_PENALTY, _LICENCE = "《行政处罚法》", "《行政许可法》"
_MARKET = "《市场监督管理行政处罚信息公示规定》（总局令第45号）"
_PROJECTS = "国办发〔2017〕94号"
_TWO = "发改办财金〔2018〕424号"

_CONGRESS = Text("人民代表大会或者其常务委员会批准之日", "the people's congress approved it")
_DECIDED = Text("作出行政决定之日", "the decision")
_ACCEPTED = Text("受理申请之日", "the application was accepted")
_SUPERIOR = Text("接到批复之日", "the approval was received")

BUDGETS = (
    DeadlineRule("BUD-GOV", ("BUD-GOV",),
                 Text("政府预算、预算调整、决算、预算执行情况的公开",
                      "a government's budget, its adjustment, execution and final accounts"),
                 _CONGRESS, f"{_BUDGET}第十四条第一款", _CD, 20),
    DeadlineRule("BUD-DEPT", ("BUD-DEPT",),
                 Text("部门预算、决算的公开", "a department's budget and final accounts"),
                 Text("本级政府财政部门批复之日", "the finance department approved it"),
                 f"{_BUDGET}第十四条第二款", _CD, 20),
    DeadlineRule("BUD-UNIT", ("BUD-UNIT",),
                 Text("单位预算、决算的公开", "the budget and final accounts of a unit"),
                 Text("部门批复之日", "the department approved it"),
                 f"{_BUDGET_RULES}第六条", _CD, 20),
    DeadlineRule("BUD-APPR-DEPT", ("BUD-APPR-DEPT",),
                 Text("财政部门批复各部门预算、决算",
                      "the finance department's approval of a department's budget or accounts"),
                 _CONGRESS, f"{_BUDGET}第五十二条、第八十条", _CD, 20),
    DeadlineRule("BUD-APPR-UNIT", ("BUD-APPR-UNIT",),
                 Text("部门批复所属单位预算、决算",
                      "a department's approval of a unit's budget or accounts"),
                 _SUPERIOR, f"{_BUDGET}第五十二条、第八十条", _CD, 15),
    # One after the other, these terms give the last lawful day from the one approval that is
    # published: 20 + 20 days, and 20 + 15 + 20.
    DeadlineRule("BUD-DEPT-LAST", ("BUD-DEPT-LAST",),
                 Text("部门预算、决算公开的最迟之日",
                      "the last lawful day for a department's budget or accounts"),
                 _CONGRESS, f"{_BUDGET}第十四条第二款、第五十二条、第八十条", _CD, 40),
    DeadlineRule("BUD-UNIT-LAST", ("BUD-UNIT-LAST",),
                 Text("单位预算、决算公开的最迟之日",
                      "the last lawful day for the budget or accounts of a unit"),
                 _CONGRESS, f"{_BUDGET}第五十二条、第八十条；{_BUDGET_RULES}第六条", _CD, 55),
)  # fmt: skip

PROJECTS = (
    DeadlineRule("PRJ-20", ("PRJ-20",),
                 Text("重大建设项目批准和实施信息的公开", "information on construction projects"),
                 Text("信息形成或者变更之日", "it was made or changed"), _PROJECTS, _WD, 20),
    DeadlineRule("PRJ-7", ("PRJ-7",),
                 Text("重大建设项目的行政许可、行政处罚事项的公开",
                      "licences and penalties of construction projects"),
                 _DECIDED, f"{_PROJECTS}；{_TWO}", _WD, 7),
    DeadlineRule("PRJ-HZ", ("PRJ-HZ",),
                 Text("企业投资项目核准决定；评估所需时间不计入",
                      "the verification of an enterprise's project; its evaluation is not counted"),
                 _ACCEPTED, "《企业投资项目核准和备案管理条例》第九条、第十条", _WD, 20,
                 extension=40, uncounted=30),
)  # fmt: skip

PENALTIES = (
    DeadlineRule("PEN-7", ("PEN-7",),
                 Text("行政许可、行政处罚信息公示（双公示）",
                      "the publication of licences and penalties"),
                 _DECIDED, _TWO, _WD, 7),
    DeadlineRule("PEN-SAMR-A", ("PEN-SAMR-A",),
                 Text("市场监管行政处罚信息公示（登记地在本省）",
                      "a market regulator's penalty of an enterprise of the same province"),
                 _DECIDED, f"{_MARKET}第九条", _WD, 20),
    DeadlineRule("PEN-SAMR-B", ("PEN-SAMR-B",),
                 Text("市场监管行政处罚信息推送（登记地在外省）",
                      "passing on a penalty of an enterprise of another province"),
                 _DECIDED, f"{_MARKET}第十条", _WD, 10),
    DeadlineRule("PEN-SAMR-B-IN", ("PEN-SAMR-B-IN",),
                 Text("收到外省推送的行政处罚信息后的公示",
                      "the publication of a penalty that another province passed on"),
                 Text("收到推送之日", "it was received"), f"{_MARKET}第十条", _WD, 10),
    DeadlineRule("PEN-ENT", ("PEN-ENT",),
                 Text("市场监管部门的企业信用信息公示",
                      "enterprise information published by the market regulator"),
                 Text("信息产生之日", "it arose"), "《企业信息公示暂行条例》第六条", _WD, 20),
    DeadlineRule("PEN-WD", ("PEN-WD",),
                 Text("撤回被变更、撤销、确认违法或者无效的行政处罚决定信息并公开说明理由",
                      "withdrawing a penalty that was changed, annulled or found illegal or void, "
                      "with the reason"),
                 Text("行政处罚决定被变更、撤销、确认违法或者无效之日",
                      "it was changed, annulled or found illegal or void"),
                 f"{_PENALTY}第四十八条、第八十五条", _WD, 3, severity=Severity.ERROR),
    # In this law two, three, five and seven days are working days (第八十五条); others are not.
    DeadlineRule("PEN-FINE", ("PEN-FINE",), Text("缴纳罚款", "the payment of a fine"),
                 Text("收到行政处罚决定书之日", "the decision was received"),
                 f"{_PENALTY}第六十七条、第八十五条", _CD, 15, is_others=True),
    DeadlineRule("PEN-DECISION", ("PEN-DECISION",),
                 Text("作出行政处罚决定", "the decision on a penalty"),
                 Text("立案之日", "the case was opened"),
                 f"{_PENALTY}第六十条、第八十五条", _CD, 90),
)  # fmt: skip


def _window(
    name: str, family: str, months: int, regime: tuple[str, date, date | None]
) -> DeadlineRule:
    """Return by when a penalty stops being public; what is shown after that is an error."""
    basis, since, until = regime
    title = Text("行政处罚信息停止公示", "the end of a penalty's publication")
    return DeadlineRule(
        name, (family,), title, _PUBLISHED if basis == _MARKET else _PENALISED, basis, _M, months,
        since=since, until=until, severity=Severity.ERROR, is_others=True,
    )  # fmt: skip


_PENALISED = Text("作出行政处罚决定之日", "the decision")
_PUBLISHED = Text("行政处罚信息公示之日", "its publication")
_2019 = ("发改办财金〔2019〕527号", date(2019, 7, 1), date(2023, 4, 30))
_2023 = ("国家发展改革委令第58号", date(2023, 5, 1), date(2026, 3, 31))
_2026 = ("国家发展改革委令2025年第36号", date(2026, 4, 1), None)
_SAMR = (_MARKET, date(2021, 9, 1), None)
_GENERAL, _SERIOUS, _MINOR = "PEN-WINDOW", "PEN-WINDOW-SERIOUS", "PEN-WINDOW-MINOR"
WINDOWS = (
    _window("PEN-WINDOW-2019", _GENERAL, 12, _2019),
    _window("PEN-WINDOW-2023", _GENERAL, 36, _2023),
    _window("PEN-WINDOW-2026", _GENERAL, 12, _2026),
    _window("PEN-WINDOW-SERIOUS-2019", _SERIOUS, 36, _2019),
    _window("PEN-WINDOW-SERIOUS-2023", _SERIOUS, 36, _2023),
    _window("PEN-WINDOW-SERIOUS-2026", _SERIOUS, 36, _2026),
    _window("PEN-WINDOW-MINOR-2026", _MINOR, 3, _2026),
    _window("PEN-WINDOW-SAMR", "PEN-WINDOW-SAMR", 36, _SAMR),
    _window("PEN-WINDOW-SAMR-MINOR", "PEN-WINDOW-SAMR-MINOR", 3, _SAMR),
)

LICENCES = (
    DeadlineRule("LIC-DECISION", ("LIC-DECISION",),
                 Text("作出行政许可决定", "the decision on a licence"), _ACCEPTED,
                 f"{_LICENCE}第四十二条、第八十二条", _WD, 20, extension=10),
    DeadlineRule("LIC-CORR", ("LIC-CORR",),
                 Text("一次性告知补正申请材料", "asking, once, for what an application lacks"),
                 Text("收到申请材料之日", "the application was received"),
                 f"{_LICENCE}第三十二条、第八十二条", _WD, 5),
    DeadlineRule("LIC-FILE", ("LIC-FILE",),
                 Text("颁发、送达行政许可证件", "handing over a licence"),
                 _DECIDED, f"{_LICENCE}第四十四条、第八十二条", _WD, 10),
)  # fmt: skip
