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
        "持有或者曾持有该机关密钥的人员，以及参与过被举报版本的报送、审查、裁定或者批准的人员，应当回避，"
        "请由其他人员办理。",
        "Whoever has, or had, a key of that agency, or prepared, reviewed, ruled on or approved "
        "the release complained about, takes no part. Another person handles it.",
    ),
}
