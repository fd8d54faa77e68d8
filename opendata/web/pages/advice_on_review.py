"""Advice to whoever decides on a submission, or is asked about one."""

from collections.abc import Mapping

from opendata.domain.errors import Text

ON_REVIEW: Mapping[str, Text] = {
    "invalid-basis": Text(
        "代码取自 /api/v1/review-bases，并须适合所提的意见；不予公开、区分处理、需报审须有依据。",
        "Take the code from /api/v1/review-bases, one that suits the verdict; withholding, "
        "disclosing in part and referring need a basis.",
    ),
    "unfit-words": Text(
        "errors 指出含有身份证件号码等个人信息或者国家秘密标志的文字；这些文字会公开，请先删去。",
        "errors names the text that holds a person's number, or a marking of secrecy. It would be "
        "public: take it out and send it again.",
    ),
    "invalid-embargo": Text(
        "公开时间由批准人在批准公开时指定，须在将来一年之内，并写明时区。",
        "An approver who releases says it; it lies ahead within a year, and names its zone.",
    ),
    "invalid-collective": Text(
        "列出参加人及各自的态度，注明决策人；记录此决定的批准人须在其中。",
        "Name the members and what each held, who took the decision among them, and the approver "
        "who records it.",
    ),
    "consents-awaited": Text(
        "errors 列出尚未答复或不同意的机关。请催告；不同意的，由主管部门决定，或由该机关改为同意。",
        "errors names the agencies that have not answered or object. Remind them; an objection is "
        "ruled on by the supervisor, or followed by that agency's consent.",
    ),
    "consent-not-awaited": Text(
        "贵机关未被征求，或在本轮已经答复，或审查已经结束。请先查看报送的状态。",
        "Your agency was not asked, has answered in this round, or the review is over. Look at the "
        "submission's state first.",
    ),
    "invalid-consent": Text(
        "答复须注明书面文件的文号；不同意的还须说明理由。",
        "An answer names the document it is written in; an objection also says why.",
    ),
    "person-left": Text(
        "人员已离职。请为接任的人登记并制发密钥。",
        "The person has left. Add whoever takes their place, and make a key for them.",
    ),
}
