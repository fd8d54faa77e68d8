"""What to do about a correction that is not taken as it was sent."""

from collections.abc import Mapping

from opendata.domain.errors import Text

ON_CORRECTIONS: Mapping[str, Text] = {
    "no-such-correction": Text(
        "请核对查询码或编号。查询码只在提出时显示一次，不能找回。",
        "Check the tracking code or the id. A tracking code is shown once, when the fault is "
        "reported, and cannot be told again.",
    ),
    "invalid-correction": Text(
        "请按 errors 修改；字段说明页列有全部公开字段，不确定是哪个字段时可不写。",
        "Mend it as errors says. The field dictionary lists every public field; leave the field "
        "out if it is not clear which.",
    ),
    "invalid-word": Text(
        "correct 须指明报告时版本之后的、公开的发布版本，transfer 须写明转送何处，其余不写这两项。",
        "correct names a public release later than the one with the fault, transfer says to whom; "
        "no other word has either.",
    ),
    "not-moderated": Text(
        "请先以 show 或 hide 说明这条意见是否公开，再作答复。",
        "Say first whether the correction is shown, by show or hide, then answer it.",
    ),
    "already-answered": Text(
        "这条意见已是如此，或已有最后的答复。请先查看它的现状。",
        "It is so already, or was answered for good. Look at where it stands first.",
    ),
}
