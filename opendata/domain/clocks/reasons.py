"""Why a clock stands where it stands, in words."""

from datetime import date

from opendata.domain.clocks.model import Event, Happening
from opendata.domain.clocks.spans import Span
from opendata.domain.deadlines import DeadlineRule, Due, LocalRule
from opendata.domain.errors import Text

_NAMES = {
    Happening.CORRECTION_ASKED: Text("告知补正", "asking for a correction"),
    Happening.CORRECTED: Text("补正", "the correction"),
    Happening.FEE_NOTICED: Text("收费通知", "the notice of a fee"),
    Happening.FEE_PAID: Text("缴费", "the payment"),
    Happening.EXTENDED: Text("延长答复期限", "an extension"),
    Happening.HEARING_BEGAN: Text("征求意见", "hearing others"),
    Happening.SUSPENDED: Text("中止", "a suspension"),
}


def heard_again(day: date) -> Text:
    """Say that another hearing of the same kind stops nothing."""
    return Text(
        f"{day} 再次征求意见：同类征求意见只扣除一次，不再扣除",
        f"others were heard again on {day}: one hearing of a kind is left out, and not another",
    )


def started(rule: DeadlineRule, day: date, count: int, local: LocalRule | None) -> Text:
    """Say by which rule the term runs, and from when."""
    basis = local.basis if local else rule.basis
    return Text(
        f"{day} 起算（当日不计），{count} 个工作日，依据 {basis}（{rule.id}）",
        f"{count} working days from {day}, which is not counted, by {basis} ({rule.id})",
    )


def restarted(event: Event) -> Text:
    """Say that the term begins anew."""
    zh, en = _NAMES[event.kind]
    return Text(f"{event.on} {zh}，期限重新计算", f"{en} on {event.on} starts the term anew")


def asked_late(day: date, term: Due) -> Text:
    """Say that the agency asked for a correction after the days it had for that."""
    return Text(
        f"{day} 才告知补正，超过 {term.count} 个工作日（{term.rule.id}）",
        f"the correction was asked for on {day}, after {term.count} working days ({term.rule.id})",
    )


def asked_twice(day: date) -> Text:
    """Say that only one correction may be asked for."""
    return Text(
        f"补正只能一次性告知，{day} 再次告知不停止计算",
        f"a correction is asked for once: asking again on {day} does not stop the term",
    )


def no_fee(day: date) -> Text:
    """Say that there was no fee yet that a term could wait for."""
    return Text(
        f"{day} 尚无信息处理费规定，收费通知不影响期限",
        f"there was no such fee yet on {day}: its notice does not change the term",
    )


def not_awaited(event: Event) -> Text:
    """Say that nothing had been asked for that this would be the answer to."""
    zh, en = _NAMES[event.kind]
    return Text(
        f"{event.on} 的{zh}没有相应的有效告知，期限不重新计算",
        f"{en} on {event.on} was not asked for in time: the term does not begin anew",
    )


def too_late(event: Event) -> Text:
    """Say that the term had ended before."""
    zh, en = _NAMES[event.kind]
    if event.known_on is not None and event.known_on > event.on:
        return Text(
            f"{event.on} 的{zh}在期限届满之后的 {event.known_on} 才录入，不影响期限",
            f"{en} on {event.on} was recorded on {event.known_on}, after the term had ended, and "
            "does not change it",
        )
    return Text(
        f"{event.on} 的{zh}在期限届满之后，不影响期限",
        f"{en} on {event.on} came after the term had ended and does not change it",
    )


def extended(day: date, wanted: int, left: int) -> Text:
    """Say by how much the term was extended."""
    if wanted > left:
        return Text(
            f"{day} 延长 {wanted} 个工作日，超过法定上限，只计 {left} 个",
            f"extended on {day} by {wanted} working days, of which the law allows {left}",
        )
    return Text(f"{day} 延长 {wanted} 个工作日", f"extended on {day} by {wanted} working days")


def not_counted(span: Span) -> Text:
    """Say which days are not counted."""
    first, last = span.days
    if last is None:
        return Text(f"{first} 起不计入期限", f"days from {first} on are not counted")
    return Text(f"{first} 至 {last} 不计入期限", f"days from {first} to {last} are not counted")


def overstayed(began: date, cap: date) -> Text:
    """Say that an opinion did not come in time, and the term went on."""
    return Text(
        f"{began} 开始征求的意见应于 {cap} 前提出，此后的日子计入期限",
        f"the opinion asked for on {began} was due on {cap}; days after that are counted",
    )


def awaited(event: Event, payment: Due | None, today: date) -> Text:
    """Say what of the applicant's is awaited, and whether it is given up."""
    zh, en = _NAMES[event.kind]
    if payment is None or payment.day is None:
        return Text(
            f"{event.on} {zh}，等待申请人", f"the applicant is awaited since {en}, {event.on}"
        )
    if payment.rolled is not None and today > payment.rolled:
        return Text(
            f"应于 {payment.day} 前缴费，逾期未缴视为放弃申请",
            f"the fee was to be paid by {payment.day}: the request counts as given up",
        )
    return Text(f"等待申请人于 {payment.day} 前缴费", f"the fee is to be paid by {payment.day}")


def not_announced(year: int, earliest: date) -> Text:
    """Say that nobody knows which days are worked, and until when nobody can be late."""
    return Text(
        f"{year} 年放假安排尚未公布；最早于 {earliest} 届满",
        f"the holidays of {year} are not announced yet; it ends on {earliest} at the earliest",
    )
