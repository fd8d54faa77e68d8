"""The lists: cases for those who handle them, and what of all cases together is public."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from opendata.domain.complaints.accountability import Outcome
from opendata.domain.complaints.grounds import Ground
from opendata.domain.complaints.measures import Gravity, Target
from opendata.domain.complaints.procedure import Place, Source
from opendata.domain.contracts import Category, Field
from opendata.domain.errors import Text
from opendata.domain.listings import Listing


def _field(
    name: str, kind: str, words: tuple[Text, Text], example: str, **constraints: Any
) -> Field:
    return Field(name, kind, *words, example, constraints)


def _coded(name: str, words: tuple[Text, Text], codes: Iterable[Any], **constraints: Any) -> Field:
    known: list[StrEnum] = list(codes)
    values = tuple(Category(each.value, each.label.zh) for each in known)  # type: ignore[attr-defined]  # each of these code lists has labels.
    return Field(
        name, "string", *words, values[0].value,
        {**constraints, "enum": [each.value for each in values]}, values,
    )  # fmt: skip


def _of(title_zh: str, title_en: str, zh: str, en: str) -> tuple[Text, Text]:
    return Text(title_zh, title_en), Text(zh, en)


_ID = _field(
    "id", "string", _of("编号", "Id", "案件编号。", "The case."),
    "3f2a1b0c-0000-4000-8000-000000000000", required=True,
)  # fmt: skip
_AGENCY = _field(
    "agency", "string", _of("机关", "Agency", "被举报机关的编号。", "The body complained about."),
    "county-office", required=True,
)  # fmt: skip
_NAME = _field(
    "agency_name", "string", _of("机关名称", "Agency's name", "被举报机关的名称。", "Its name."),
    "示例县人民政府（虚构）", required=True,
)  # fmt: skip
_DATASET = _field(
    "dataset",
    "string",
    _of("数据集", "Dataset", "所涉数据集。", "What it is about."),
    "budgets-2018",
)
_RELEASE = _field(
    "release", "integer", _of("版本", "Release", "所涉发布版本。", "Its release."), "1"
)
_RECTIFICATION = (
    _field("rectify_by", "date", _of("整改期限", "Rectify by",
           "责令整改的截止日；空：没有责令整改，或者期限未定。",
           "By when it is to be put right; none if nothing is, or it cannot be told."),
           "2026-03-09"),
    _field("rectified_on", "date", _of("报告整改日期", "Rectified on",
           "被举报机关报告整改完毕之日。", "The day on which the body reported it done."),
           "2026-03-06"),
    _field("late_by", "integer", _of("逾期工作日", "Late by",
           "整改逾期几个工作日；0：按期；空：没有期限，或者无法计算。",
           "Working days by which it is, or was, late; 0: in time."), "0"),
    _field("is_overdue", "boolean", _of("逾期未整改", "Overdue",
           "是否逾期尚未报告整改。", "Whether it is late and was not reported done."), "false",
           required=True),
)  # fmt: skip
# 《陕西省住房和城乡建设厅政府信息公开责任追究制度（试行）》第八条第（四）项.
_REPLY = (
    _field("reporter_due_on", "date", _of("反馈举报人之日", "Reporter's answer due on",
           "处理结束之日，自此应当及时向署名举报人反馈；匿名的、对被举报机关为空。",
           "When it was decided or dismissed: from then on a reporter who gave a name is owed a "
           "prompt answer. None where nobody did; not told to the body."), "2026-03-06"),
    _field("reporter_answered", "boolean", _of("已反馈举报人", "Reporter answered",
           "是否已向署名举报人反馈；匿名的、尚未处理的、对被举报机关为空。",
           "Whether a reporter who gave a name was answered; none before it is owed."), "false"),
    _field("reporter_late_by", "integer", _of("反馈逾期工作日", "Reporter's answer late by",
           "处理结束之日后过了几个工作日才反馈，或者尚未反馈；空：没有应反馈的。",
           "Working days from that day to the answer, or to today."), "0"),
)  # fmt: skip

COMPLAINTS = Listing(
    name="complaints",
    title=Text("举报", "Complaints"),
    description=Text(
        "政府信息公开举报案件及其办理情况；被举报机关只见要求其说明或者已告知的案件，不见举报人的任何情况。",
        "Cases and where they stand. The body complained about sees those that it was asked about "
        "or told of, and nothing of who reported them.",
    ),
    fields=(
        _ID, _AGENCY, _NAME,
        _coded("ground", _of("情形", "Ground", "举报的情形。", "What was reported."), Ground,
               required=True),
        _coded("source", _of("来源", "Source", "线索来源；对被举报机关为空。",
                             "Where it came from; not told to the body."), Source),
        _field("is_named", "boolean", _of("署名", "Named", "是否署名举报；对被举报机关为空。",
                                          "Whether a name was given; not told to the body."),
               "true"),
        _field("received_on", "date", _of("收到日期", "Received on", "对被举报机关为空。",
                                          "Not told to the body."), "2026-03-02"),
        _coded("place", _of("办理阶段", "Stage", "案件所处的阶段。", "Where it stands."), Place,
               required=True),
        _field("under_review", "boolean", _of("复核中", "Under review", "是否正在复核。",
                                              "Whether a review is under way."), "false",
               required=True),
        _DATASET, _RELEASE,
        _coded("gravity", _of("情节", "Gravity", "认定的情节；决定告知前对被举报机关为空。",
                              "What was found; not told to the body."), Gravity),
        _field("answer_due_on", "date", _of("说明期限", "Explanation due on",
               "要求被举报机关说明情况的期限。", "By when the body is to explain."), "2026-03-06"),
        *_REPLY, *_RECTIFICATION[:-1],
        _field("is_overdue", "boolean", _of("逾期", "Overdue",
               "是否逾期尚未报告整改，或者处理结束之日已过、尚未向署名举报人反馈；后者对被举报机关不计。",
               "Whether a rectification is late and was not reported done, or a reporter who gave "
               "a name is still not answered; of the latter the body is told nothing."), "false",
               required=True),
    ),
    key=("id",),
    default_sort=("-received_on",),
    searchable=("agency_name",),
)  # fmt: skip

ACCOUNTABILITY = Listing(
    name="accountability",
    title=Text("责任追究统计", "Accountability"),
    description=Text(
        "责任追究情况统计：对单位的处理决定，已书面告知的，按机关、情形、措施分档列出；不予追究的、往年未办结的，"
        "以及对个人的处理，只合并计数，对个人的处理不足三人的不列人数。",
        "Decisions against bodies that were told in writing, by agency, ground and rung. What was "
        "dismissed, what of years gone by is not ended, and measures against persons are counted "
        "for all agencies together; of fewer than three persons not how many.",
    ),
    fields=(
        _field("year", "year", _of("年度", "Year", "作出决定的年度；未办结的为收到的年度。",
                                   "Of the decision; of the receipt where there is none."),
               "2026", required=True),
        _field("agency", "string", _of("机关", "Agency", "机关编号；* 为全部合计。",
                                       "The agency; * is all together."), "county-office",
               required=True),
        _field("agency_name", "string", _of("机关名称", "Agency's name", "机关名称。", "Its name."),
               "示例县人民政府（虚构）", required=True),
        _field("ground", "string", _of("情形", "Ground", "认定的首要情形；* 为全部合计。",
                                       "The first that was found; * is all together."), "late",
               required=True),
        _field("ground_label", "string", _of("情形名称", "Ground in words", "情形的名称。",
                                             "The ground in words."), "没有按要求时限公开",
               required=True),
        _coded("state", _of("状态", "State", "办理结果。", "What became of them."), Outcome,
               required=True),
        _coded("target", _of("对象", "Target", "处理的对象。", "Against whom."), Target,
               required=True),
        _field("measure_level", "integer", _of("措施分档", "Rung",
               "措施中最重的一档，1 至 4；0 为没有措施。",
               "The gravest rung that was taken, 1 to 4; 0 is none."), "2", required=True),
        _field("cases", "integer", _of("件（人）数", "Count",
               "件数，对个人的为人数；不足三人为空。",
               "Cases, or persons; none where there were fewer than three persons."), "1"),
        _field("rectifications", "integer", _of("责令整改", "Ordered to rectify",
               "责令限期整改的件数。", "Cases in which something was to be put right."), "1",
               required=True),
        _field("rectified_on_time", "integer", _of("按期整改", "Rectified in time",
               "按期整改并核查通过的件数。", "Put right in time, and accepted."), "1",
               required=True),
        _field("rectified_late", "integer", _of("逾期整改", "Rectified late",
               "逾期整改并核查通过的件数。", "Put right late, and accepted."), "0",
               required=True),
        _field("rectification_overdue", "integer", _of("逾期未整改", "Overdue",
               "逾期尚未报告整改的件数。", "Late, and not reported done."), "0", required=True),
        _field("rectification_rate", "number", _of("整改率", "Rate of rectification",
               "（按期整改＋逾期整改）÷责令整改；没有责令整改的为空。",
               "(in time + late) ÷ ordered; none where nothing was."), "1"),
    ),
    key=("year", "agency", "ground", "state", "target", "measure_level"),
    default_sort=("-year", "agency", "ground"),
    searchable=("agency_name", "ground_label"),
)  # fmt: skip

OUTCOMES = Listing(
    name="accountability-outcomes",
    title=Text("责任追究结果", "Outcomes"),
    description=Text(
        "已书面告知的、对单位的处理决定及其整改情况；不列个人，只对个人作出的决定不在其中，也不含举报人的任何情况。",
        "Decisions against bodies that were told in writing, and how what they order is put right: "
        "nothing of persons, no decision against persons alone, nothing of who reported it.",
    ),
    fields=(
        _ID, _AGENCY, _NAME,
        _field("grounds", "string", _of("认定的情形", "Grounds", "认定的情形，以空格分隔。",
                                        "What was found, separated by spaces."), "untrue late",
               required=True),
        _field("grounds_label", "string", _of("情形名称", "Grounds in words", "情形的名称。",
               "The same in words."), "公开的政府信息内容不真实或搞虚假公开", required=True),
        _field("measures", "string", _of("对单位的处理", "Measures", "措施，以空格分隔。",
                                         "Measures against the body, separated by spaces."),
               "criticism_circulated", required=True),
        _field("measures_label", "string", _of("措施名称", "Measures in words", "措施的名称。",
               "The same in words."), "通报批评", required=True),
        _field("measure_level", "integer", _of("措施分档", "Rung",
               "措施中最重的一档，1 至 4。", "The gravest rung, 1 to 4."), "2", required=True),
        _field("decided_on", "date", _of("决定日期", "Decided on", "作出处理决定之日。",
                                         "The day of the decision."), "2026-03-02", required=True),
        _coded("state", _of("状态", "State", "办理结果。", "What became of it."),
               [each for each in Outcome if each is not Outcome.MEASURES], required=True),
        _DATASET, _RELEASE, *_RECTIFICATION,
    ),
    key=("id",),
    default_sort=("-decided_on",),
    searchable=("agency_name", "grounds_label", "measures_label"),
)  # fmt: skip
