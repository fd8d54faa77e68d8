"""What to do about an occasion or a fulfilment that is not taken as it was sent."""

from collections.abc import Mapping

from opendata.domain.errors import Text

ON_COMPLIANCE: Mapping[str, Text] = {
    "not-an-obligation": Text(
        "一级事项标题和依申请公开的事项本身没有期限，请用其下二级事项或其他事项的 _id。",
        "Headings, and what is disclosed on request, have no term of their own. Name a second-"
        "level item, or another one, by its _id.",
    ),
    "no-such-case": Text(
        "按期公开的事项，期次写作 2025、2025H1、2025Q1 或 2025-03，且须已开始；"
        "随时公开的，先用 occasions 记录。",
        "Periods are 2025, 2025H1, 2025Q1 or 2025-03, and must have begun; of what is disclosed "
        "as it happens, record the occasion first.",
    ),
    "occasion-exists": Text(
        "同一事项的同一期次只记录一次。请换一个名称，或查看 compliance/cases 中已有的一件。",
        "An occasion is recorded once. Give it another name, or look at the case there is.",
    ),
    "nothing-to-annul": Text(
        "没有尚未撤销的说明。请先查看这一件的现状。",
        "Every word was taken back already, or none was said. Look at the case first.",
    ),
    "invalid-occasion": Text(
        "请按 errors 修改：起算日须已到来且在事项有效期内；目录规定了时限规则的，不能另定。",
        "Mend it as errors says: the trigger lies while the obligation is in force and not ahead; "
        "where the catalogue names a rule, no other one holds.",
    ),
    "invalid-fulfilment": Text(
        "release 须为本机关公开的版本，document 须有 https 网址和公开日，exemption 须有依据和理由，"
        "annulment 须有理由；各项只写各自所需。",
        "A release is a public one of the agency's own, a document has an https address and its "
        "day, an exemption a basis and a reason, an annulment a reason; nothing else is given.",
    ),
    "occasion-too-late": Text(
        "期限届满之前记录起算日；届满之后，只能以文件、发布版本或说明理由结案。",
        "A trigger is recorded before the term ends. After that the case is met by a document or "
        "a release, late, or exempted with a reason.",
    ),
    "too-many-cases": Text(
        "该主体的目录有误或过大：请其缩短事项的有效期，或合并事项。其他主体不受影响。",
        "The agency's catalogue is too large, or wrong: it shortens the time its items are in "
        "force, or joins them. Other agencies are not affected.",
    ),
}
