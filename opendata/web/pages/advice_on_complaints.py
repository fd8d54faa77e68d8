"""What to do about a complaint, or a step of its procedure, that is not taken."""

from collections.abc import Mapping

from opendata.domain.errors import Text

ON_COMPLAINTS: Mapping[str, Text] = {
    "no-such-complaint": Text(
        "请核对查询码或编号。查询码只在举报时显示一次，不能找回。"
        "被举报机关在被要求说明、听取陈述申辩或者书面告知之前，看不到案件。",
        "Check the tracking code or the id. A tracking code is shown once and cannot be told "
        "again. The body complained about sees no case before it is asked to explain, heard or "
        "given notice.",
    ),
    "invalid-complaint": Text(
        "请按 errors 修改：写明情况；署名的写明姓名，匿名的不填 reporter。",
        "Mend it as errors says: say what happened; give a name, or leave reporter out.",
    ),
    "invalid-step": Text(
        "请按 errors 逐项补正：每种步骤须写的内容不同；"
        "决定与事实推得的责任、认定的情节不符的，在 departure 中说明理由。",
        "Mend it as errors says: each kind of step has values of its own; a decision that departs "
        "from the facts or the finding says why in departure.",
    ),
    "complaint-not-in-turn": Text(
        "请先查看案件：may_follow 列出此时可以记录的步骤。",
        "Look at the case first: may_follow lists what may be recorded now.",
    ),
    "hearing-needed": Text(
        "请先听取被追究的单位、个人各自的陈述和申辩，以 heard 记录；放弃的，也记录为 waived。",
        "Hear the body, and the person, that a measure is to be taken against, and record it by "
        "heard; who does not want to be heard is recorded as waived.",
    ),
    "notice-needed": Text(
        "请先书面告知被追究的单位或者个人，以 notified 记录，"
        "再答复举报人、责令整改、复核或者结案。",
        "Tell the body or the person in writing, and record it by notified; answering the "
        "reporter, rectification, review and closing come after it.",
    ),
    "not-settled": Text(
        "errors 列出结案前尚须办理的事项。",
        "errors lists what is left to be done before it is closed.",
    ),
    "involved": Text(
        "请由其他人员办理。应当回避的有：持有或者曾持有该机关密钥的人员；不论用什么密钥，为该机关登记、报送、"
        "说明、审查、批准过数据，答复过更正申请，申报、撰写过年度报告，或者记录过公开事项的起算日、履行情况的人员；"
        "放行、裁定过被举报内容，代其他机关答复过征询，或者参加过集体决定的人员（只举报数据集的，"
        "指该数据集的任何一次报送）。办理过此件的人员，不得代表该机关说明情况、申请复核、报告整改。",
        "Another person handles it. No part takes whoever has, or had, a key of that agency; by "
        "any key registered, prepared, explained, reviewed or approved data for it, answered a "
        "correction, declared or wrote of its annual report, or recorded an occasion or a "
        "fulfilment of its obligations; cleared or ruled on what is complained about, answered "
        "about it for another agency, or sat in the body that decided (of a dataset: on anything "
        "that was sent in for it). Whoever handled the case does not explain, ask for a review or "
        "report for the agency.",
    ),
}
