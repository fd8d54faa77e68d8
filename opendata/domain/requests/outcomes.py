"""How a request may be answered: by the rows of the statutory table 3 of annual reports."""

from opendata.domain.errors import Text
from opendata.domain.requests.kinds import Named


class Outcome(Named):
    """How a request is answered: exactly one row of the statutory table."""

    row: str

    def __new__(cls, value: str, zh: str = "", en: str = "", row: str = "") -> "Outcome":
        """Make a member of its code, its names and its row."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Text(zh, en)
        member.row = row
        return member

    GRANTED = "granted", "予以公开", "granted", "3.1"
    PARTIALLY_GRANTED = "partially_granted", "部分公开", "granted in part", "3.2"
    REFUSED_STATE_SECRET = (
        "refused_state_secret",
        "不予公开：属于国家秘密",
        "refused: state secret",
        "3.3.1",
    )
    REFUSED_PROHIBITED_BY_LAW = (
        "refused_prohibited_by_law",
        "不予公开：其他法律行政法规禁止公开",
        "refused: prohibited by law",
        "3.3.2",
    )
    REFUSED_SECURITY_STABILITY = (
        "refused_security_stability",
        "不予公开：危及“三安全一稳定”",
        "refused: endangers security or stability",
        "3.3.3",
    )
    REFUSED_THIRD_PARTY_RIGHTS = (
        "refused_third_party_rights",
        "不予公开：保护第三方合法权益",
        "refused: rights of a third party",
        "3.3.4",
    )
    REFUSED_INTERNAL_AFFAIRS = (
        "refused_internal_affairs",
        "不予公开：属于三类内部事务信息",
        "refused: internal affairs",
        "3.3.5",
    )
    REFUSED_PROCESS_INFORMATION = (
        "refused_process_information",
        "不予公开：属于四类过程性信息",
        "refused: information on a process",
        "3.3.6",
    )
    REFUSED_ENFORCEMENT_FILE = (
        "refused_enforcement_file",
        "不予公开：属于行政执法案卷",
        "refused: enforcement file",
        "3.3.7",
    )
    REFUSED_ADMINISTRATIVE_ENQUIRY = (
        "refused_administrative_enquiry",
        "不予公开：属于行政查询事项",
        "refused: matter of an administrative enquiry",
        "3.3.8",
    )
    UNABLE_NOT_HELD = (
        "unable_not_held",
        "无法提供：本机关不掌握相关政府信息",
        "unable: not held",
        "3.4.1",
    )
    UNABLE_NEEDS_CREATION = (
        "unable_needs_creation",
        "无法提供：没有现成信息需要另行制作",
        "unable: would have to be made",
        "3.4.2",
    )
    UNABLE_STILL_UNCLEAR = (
        "unable_still_unclear",
        "无法提供：补正后申请内容仍不明确",
        "unable: still unclear after its correction",
        "3.4.3",
    )
    NOT_PROCESSED_PETITION = (
        "not_processed_petition",
        "不予处理：信访举报投诉类申请",
        "not processed: petition or complaint",
        "3.5.1",
    )
    NOT_PROCESSED_DUPLICATE = (
        "not_processed_duplicate",
        "不予处理：重复申请",
        "not processed: asked before",
        "3.5.2",
    )
    NOT_PROCESSED_PUBLICATION = (
        "not_processed_publication",
        "不予处理：要求提供公开出版物",
        "not processed: a publication",
        "3.5.3",
    )
    NOT_PROCESSED_EXCESSIVE = (
        "not_processed_excessive",
        "不予处理：无正当理由大量反复申请",
        "not processed: excessive without reason",
        "3.5.4",
    )
    NOT_PROCESSED_REISSUE = (
        "not_processed_reissue",
        "不予处理：要求行政机关确认或重新出具已获取信息",
        "not processed: confirm or issue again",
        "3.5.5",
    )
    OTHER_NOT_CORRECTED = (
        "other_not_corrected",
        "其他处理：申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "other: not corrected in time",
        "3.6.1",
    )
    OTHER_FEE_UNPAID = (
        "other_fee_unpaid",
        "其他处理：申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "other: fee not paid in time",
        "3.6.2",
    )
    OTHER_OTHER = "other_other", "其他处理：其他", "other: other", "3.6.3"
