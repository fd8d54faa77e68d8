"""What to do about an assessment that is not taken, and about a list that changed meanwhile."""

from collections.abc import Mapping

from opendata.domain.errors import Text

ON_ASSESSMENTS: Mapping[str, Text] = {
    "list-changed": Text(
        "请去掉 cursor，从第一页重新开始。条件和排序可以不变。",
        "Leave the cursor out and begin at the first page; filters and sort may stay.",
    ),
    "unusable-scheme": Text(
        "请按 errors 逐处修改方案文件，再用 opendata assess --scheme 文件 核对。",
        "Mend the file where errors says, then check it with opendata assess --scheme FILE.",
    ),
    "nothing-to-assess": Text(
        "请换一个考核期，或在方案中规定没有可考核事项时如何计分（nothing）。",
        "Take another period, or let the scheme say what is given where there is nothing to "
        "measure.",
    ),
    "invalid-assessed-period": Text(
        "请写一个已经结束的年、半年、季度或月，如 2025、2025H1、2025Q1、2025-01。",
        "Name a year, half a year, a quarter or a month that is over.",
    ),
    "invalid-assessment-word": Text(
        "请按 errors 修改：申诉及其处理须指明方案中的指标，adjust 还须写明得分，confirm 都不写。",
        "Mend it as errors says: an appeal and its answer name an indicator, adjust names points "
        "as well, confirm names neither.",
    ),
    "assessment-closed": Text(
        "请查看这项考核：已确认的不再变动，有申诉的不再重新考核；已重新考核的，请就最近一次提出。",
        "Look at the assessment: what is confirmed stays, and what was appealed is not made anew; "
        "of one that was made anew, speak of the latest.",
    ),
    "appeal-not-possible": Text(
        "每一指标可在申诉期内申诉一次，每次申诉处理一次。请查看 appeal_until 和已有的各项意见。",
        "Each indicator may be appealed once, until appeal_until, and each appeal is answered "
        "once. Look at the words that were said.",
    ),
    "appeals-open": Text(
        "请先处理各项申诉；申诉期过后再确认。",
        "Answer every appeal first; confirm when the term for appeals is over.",
    ),
    "own-assessment": Text(
        "请另一位主管部门人员处理：既不是考核人、申诉人，也没有持有过被考核主体的密钥，没有用任何密钥为其登记、报送、说明、"
        "审查、批准过数据，答复过更正申请，申报、撰写过年度报告，或者记录过公开事项的起算日、履行情况。"
        "申诉由没有作过考核、没有处理过申诉的批准人提出。",
        "Let another supervisor do it: neither who assessed nor who appealed, nor anybody who has, "
        "or had, a key of the agency, or by any key registered, prepared, explained, reviewed or "
        "approved data for it, answered a correction, declared or wrote of its annual report, or "
        "recorded an occasion or a fulfilment of its obligations. An approver appeals who neither "
        "assessed nor decided on an appeal.",
    ),
    "no-such-assessment": Text(
        "请核对编号。未确认的考核只有本主体和主管部门可见，须带密钥。",
        "Check the id. One that is not confirmed is shown to the agency and its supervisors only: "
        "send a key.",
    ),
    "no-such-scheme": Text(
        "请在 /api/v1/assessment-schemes 查看已声明的方案。",
        "Look at /api/v1/assessment-schemes for those that are declared.",
    ),
}
