"""What to do about a request for information that is not taken, or recorded, as it was sent."""

from collections.abc import Mapping

from opendata.domain.errors import Text

ON_REQUESTS: Mapping[str, Text] = {
    "no-such-request": Text(
        "请核对查询码或编号。查询码只在提交时显示一次，不能找回；可向受理机关询问。",
        "Check the tracking code or the id. A code is shown once, when the request is filed, and "
        "cannot be told again; ask the agency.",
    ),
    "invalid-application": Text(
        "请按 errors 补全：申请人的姓名或者名称、身份证明、联系方式，以及所需信息的描述。",
        "Complete it as errors says: who asks, an identity document, how they are reached, and "
        "what information is wanted.",
    ),
    "number-taken": Text(
        "本机关已有此编号的申请。请查看该申请，或者另给一个编号。",
        "The agency has a request of this number. Look at that one, or give another number.",
    ),
    "invalid-request-event": Text(
        "请按 errors 修改日期、details 或 statement；各事项所需的内容见“办理申请”。",
        "Mend day, details or statement as errors says; the guide on answering requests lists "
        "what each kind of event needs.",
    ),
    "request-not-in-turn": Text(
        "请先查看申请的现状；next 列出可以记录的事项。误录的由批准人以 annulled 撤销最后一条。",
        "Look at where the request stands; next lists what may be recorded. A mistake is annulled "
        "by an approver, the last event first.",
    ),
    "invalid-ledger": Text(
        "台账全部未予记录。请按 errors 逐处更正后重新导入；已记录且无误的部分不会重复。",
        "Nothing of the ledger is recorded. Mend what errors lists and send it again; what is "
        "recorded already is not recorded twice.",
    ),
    "invalid-ledger-file": Text(
        "台账全部未予记录，文件没有保存。请按 report 更正后重新导入；"
        "可先用 opendata validate 自行校验。",
        "Nothing of the ledger is recorded, and the file is not kept. Mend what report lists and "
        "send it again; opendata validate judges it beforehand.",
    ),
    "persons-in-ledger": Text(
        "台账没有个人信息的栏目。请删去证件号码、电话等，改用本机关的编号；文件没有保存。",
        "A ledger has no place for personal data. Take out document numbers, phones and the like, "
        "and use the agency's own numbers; the file is not kept.",
    ),
    "cross-site": Text(
        "请直接打开本网站的页面填写并提交；不要经由其他网站的表单。",
        "Open the page on this site, fill it in and send it there, and not by another site's form.",
    ),
}
