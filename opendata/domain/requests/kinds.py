"""The words of requests for information: channels, applicants, events, rulings, states."""

from enum import StrEnum

from opendata.domain.errors import Text


class Named(StrEnum):
    """A coded value with a name in both languages."""

    label: Text

    def __new__(cls, value: str, zh: str = "", en: str = "") -> "Named":
        """Make a member of its code and its names."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Text(zh, en)
        return member


class Source(Named):
    """Where the platform has a request from."""

    PUBLIC = "public", "公众在线提交", "filed by the public"
    AGENCY = "agency", "机关登记", "registered by the agency"
    LEDGER = "ledger", "台账导入", "from the agency's ledger"


class Channel(Named):
    """How a request reached the agency, which decides the day of receipt (第三十一条)."""

    IN_PERSON = "in_person", "当面提交", "in person"
    REGISTERED_MAIL = "registered_mail", "挂号信、特快专递", "mail that is signed for"
    MAIL = "mail", "平常信函", "ordinary mail"
    INTERNET = "internet", "互联网", "internet"
    FAX = "fax", "传真", "fax"

    @property
    def is_confirmed(self) -> bool:
        """Whether a request is received only once that is confirmed with the applicant."""
        return self not in (Channel.IN_PERSON, Channel.REGISTERED_MAIL)

    @property
    def received_when(self) -> Text:
        """On which day a request by this channel is received."""
        return _RECEIVED_WHEN[self]


_RECEIVED_WHEN = {
    Channel.IN_PERSON: Text("提交之日", "the day it is handed in"),
    Channel.REGISTERED_MAIL: Text("行政机关签收之日", "the day the agency signs for it"),
    Channel.MAIL: Text(
        "行政机关收到信函当日与申请人确认之日", "the day it arrives, confirmed with the applicant"
    ),
    Channel.INTERNET: Text("双方确认之日", "the day on which both confirm it"),
    Channel.FAX: Text("双方确认之日", "the day on which both confirm it"),
}


class ApplicantKind(Named):
    """Who asks, as the statutory table has it: its columns C1 to C6."""

    NATURAL_PERSON = "natural_person", "自然人", "natural person"
    BUSINESS = "business", "商业企业", "business"
    RESEARCH = "research", "科研机构", "research institution"
    PUBLIC_INTEREST = "public_interest", "社会公益组织", "public-interest organisation"
    LEGAL_SERVICES = "legal_services", "法律服务机构", "legal services"
    OTHER = "other", "其他", "other"

    @property
    def column(self) -> str:
        """The column of the statutory table.

        >>> ApplicantKind.RESEARCH.column
        'C3'
        """
        return f"C{list(ApplicantKind).index(self) + 1}"


class Kind(Named):
    """What may happen to a request; each is recorded with its day, in turn."""

    RECEIVED = "received", "收到", "received"
    CORRECTION_ASKED = "correction_asked", "告知补正", "correction asked for"
    CORRECTED = "corrected", "收到补正", "corrected"
    THIRD_PARTY_ASKED = "third_party_asked", "征求第三方意见", "third party asked"
    THIRD_PARTY_ANSWERED = "third_party_answered", "第三方意见期满", "third party's time ended"
    JOINT_ASKED = "joint_asked", "征求共同制作机关意见", "joint author asked"
    JOINT_ANSWERED = "joint_answered", "共同制作机关意见期满", "joint author's time ended"
    EXTENDED = "extended", "延长答复期限", "extended"
    FEE_NOTICED = "fee_noticed", "收费通知", "fee noticed"
    FEE_PAID = "fee_paid", "缴费", "fee paid"
    SUSPENDED = "suspended", "中止", "suspended"
    RESUMED = "resumed", "恢复", "resumed"
    ANSWERED = "answered", "答复", "answered"
    DELIVERED = "delivered", "送达", "delivered"
    WITHDRAWN = "withdrawn", "申请人撤回", "withdrawn by the applicant"
    REVIEW = "review", "行政复议", "administrative review"
    LITIGATION = "litigation", "行政诉讼", "litigation"
    ANNULLED = "annulled", "撤销误录", "recorded by mistake"


class Opinion(Named):
    """What a third party or a joint author says, or that they said nothing in time."""

    CONSENT = "consent", "同意公开", "consents"
    OBJECTION = "objection", "不同意公开", "objects"
    SILENCE = "silence", "逾期未答复", "did not answer in time"


class Ruling(Named):
    """Where a review or a litigation stands: the columns of table 4."""

    PENDING = "pending", "尚未审结", "pending"
    UPHELD = "upheld", "结果维持", "upheld"
    CORRECTED = "corrected", "结果纠正", "corrected"
    OTHER = "other", "其他结果", "other result"

    @property
    def column(self) -> str:
        """The column of table 4."""
        return "other_result" if self is Ruling.OTHER else str(self.value)


class FeeBasis(Named):
    """By what a fee is reckoned (国办函〔2020〕109号)."""

    REQUESTS = "requests", "按件计收", "by requests in a month"
    PAGES = "pages", "按页计收", "by pages"


class FeeDeviation(Named):
    """Why a fee is another than the tariff gives."""

    REDUCED = "reduced", "减收", "reduced"
    LOCAL_RULE = "local_rule", "依当时当地的规定", "by a rule of that time or place"
    OTHER = "other", "其他", "for another reason"


class Form(Named):
    """In which form the information is wanted (第二十九条第三项)."""

    ELECTRONIC = "electronic", "电子件", "electronic copy"
    PAPER = "paper", "纸质件", "paper copy"
    READING = "reading", "查阅、抄录", "reading it on the spot"


class Delivery(Named):
    """How the answer is to reach the applicant."""

    TRACKING = "tracking", "凭查询码在线查看", "online, by the tracking code"
    EMAIL = "email", "电子邮件", "e-mail"
    POST = "post", "邮寄", "post"
    PICK_UP = "pick_up", "自行领取", "fetched in person"


class State(Named):
    """Where a request stands; it follows from its events."""

    AWAITING_CONFIRMATION = "awaiting_confirmation", "待确认收到", "receipt to be confirmed"
    OPEN = "open", "办理中", "being worked on"
    AWAITING_CORRECTION = "awaiting_correction", "待补正", "correction awaited"
    HEARING = "hearing", "征求意见中", "others are heard"
    AWAITING_PAYMENT = "awaiting_payment", "待缴费", "payment awaited"
    SUSPENDED = "suspended", "已中止", "suspended"
    ANSWERED = "answered", "已答复", "answered"
    DELIVERED = "delivered", "已送达", "delivered"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"

    @property
    def is_ended(self) -> bool:
        """Whether the request is answered, or nobody awaits an answer any more."""
        return self in (State.ANSWERED, State.DELIVERED, State.WITHDRAWN)
