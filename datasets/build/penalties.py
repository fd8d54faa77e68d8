"""An illustrative package of administrative penalties: every party and authority is invented.

Real decisions are left out on purpose: the law ends their publication, and a copy in a
repository would not end with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from datasets.build.invention import Draw, credit_code, identity_number
from datasets.build.package import Package, Row
from datasets.build.penalty_cases import (
    AUTHORITIES,
    GIVEN,
    SHOPS,
    SURNAMES,
    TRADES,
    WORDS,
    Authority,
    Case,
)
from datasets.build.penalty_windows import Window, window
from opendata.domain.terms import add_months

DECISIONS = 2900
FIRST = date(2019, 7, 1)
# The day on which the invented file was drawn up; no decision and no status is later.
CLOSED = date(2026, 11, 20)

_DESCRIPTION = (
    "示例数据，不是真实的行政处罚：处罚机关、当事人、文号、案情和日期全部由程序虚构，"
    "与任何真实单位、个人无关。统一社会信用代码校验位有效，但其中的行政区划码 999999 不存在，"
    "不可能属于任何单位；少数行带有不可能成立的证件号码，用来显示这些列从不公布。"
    "公示截止期覆盖 2019 年以来的各项规定，有的已经届满，有的还有数年，用来显示到期自动停止公开。"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What one decision has in common for all its parties."""

    authority: Authority
    case: Case
    number: str
    decided: date
    severity: str


def packages(_: Path) -> Iterator[Package]:
    """Yield the one package; it is drawn, not transcribed."""
    yield Package(
        name="administrative-penalties-sample",
        contract="administrative-penalties/v1",
        period="rolling",
        title="行政处罚（示例，全部虚构）",
        title_en="Administrative penalties (illustrative, all invented)",
        description=_DESCRIPTION,
        publisher_field="authority_name",
        rows=list(_rows()),
        sources=[("本平台 datasets/build 生成的示例数据", "")],
    )


def _rows() -> Iterator[Row]:
    serials: dict[tuple[str, int], int] = {}
    span = (CLOSED - FIRST).days
    for index in range(DECISIONS):
        draw = Draw("penalty", index)
        # Evenly over the years and in order, so that document numbers rise with the dates.
        decided = FIRST + timedelta(days=index * span // DECISIONS)
        authority = draw.pick(AUTHORITIES[:1] * 3 + AUTHORITIES[1:])
        place = (authority.mark, decided.year)
        serials[place] = serials.get(place, 0) + 1
        number = f"示{authority.mark}罚〔{decided.year}〕{serials[place]}号"
        case = draw.pick(authority.cases)
        severity = _severity(case, draw)
        decision = Decision(authority, case, number, decided, severity)
        parties = 2 + draw.below(2) if draw.one_in(25) else 1
        for party in range(1, parties + 1):
            yield _row(decision, party, Draw("party", index, party))


def _severity(case: Case, draw: Draw) -> str:
    if case.severe and draw.one_in(5):
        return "serious"
    return "minor" if draw.one_in(12) else "general"


def _row(decision: Decision, party: int, draw: Draw) -> Row:
    authority, case, severity = decision.authority, decision.case, decision.severity
    code = credit_code("11", Draw("authority", authority.mark))
    penalty = _penalty(decision, draw)
    shown = window(decision.decided, severity, case.sector, market=authority.market)
    if shown.rule == "R-SAMR" and "effective_until" in penalty:
        # A restriction of more than three years is public for its whole term.
        shown = replace(shown, until=date.fromisoformat(penalty["effective_until"]))
    minor = severity == "minor"
    return {
        "authority_name": authority.name,
        "authority_uscc": code,
        "decision_number": decision.number,
        "party_no": str(party),
        **_party(case, draw),
        "violation_type": case.violation,
        "facts": case.facts.format(n=2 + draw.below(60)),
        "legal_basis": case.basis,
        **penalty,
        "decision_date": decision.decided.isoformat(),
        "window_rule": shown.rule,
        "source_unit_name": authority.name,
        "source_unit_uscc": code,
        "procedure": "summary" if minor else "ordinary",
        "severity_class": severity if shown.rule == "R-2026" else "",
        "publication_necessity_reason": "涉及公共安全，确需公示" if minor else "",
        "sector": case.sector,
        **_status(decision, shown, draw),
        "remark": "示例数据，全部虚构",
    }


def _party(case: Case, draw: Draw) -> Row:
    kind = 9 if case.persons_only else draw.below(10)
    if kind >= 8:
        name = f"{draw.pick(SURNAMES)}*{draw.pick(GIVEN)}"
        proof = draw.one_in(20)
        return {
            "counterparty_name": name,
            "counterparty_type": "自然人",
            "person_id_type": "身份证" if proof else "",
            "person_id_no": identity_number(draw) if proof else "",
        }
    if kind >= 5:
        return {
            "counterparty_name": f"示例区{draw.pick(WORDS)}{draw.pick(SHOPS)}（虚构）",
            "counterparty_type": "个体工商户",
            "counterparty_uscc": credit_code("92", draw),
        }
    proof = draw.one_in(40)
    return {
        "counterparty_name": f"示例市{draw.pick(WORDS)}{draw.pick(TRADES)}有限公司（虚构）",
        "counterparty_type": "法人及非法人组织",
        "counterparty_uscc": credit_code("91", draw),
        "legal_representative": f"{draw.pick(SURNAMES)}某某",
        "legal_rep_id_type": "身份证" if proof else "",
        "legal_rep_id_no": identity_number(draw) if proof else "",
    }


def _penalty(decision: Decision, draw: Draw) -> Row:
    case, severity = decision.case, decision.severity
    if severity == "minor":
        fine = 50 * (1 + draw.below(4))  # Within the 200 元 that summary procedure allows anybody.
        return _imposed(["警告", "罚款"], fine)
    if severity == "serious" and case.severe == "行政拘留":
        days = 3 + draw.below(12)
        return _imposed(["罚款", case.severe], 100 * (2 + draw.below(18)), f"行政拘留{days}日")
    if severity == "serious":
        fine = 10_000 * (5 + draw.below(95))
        content = f"{case.severe}{case.licence if case.severe == '吊销许可证件' else ''}"
        kinds = ["罚款", case.severe]
        if case.sector != "food" or not draw.one_in(3):
            return _imposed(kinds, fine, content) | {"licence_affected": case.licence}
        # Food law bars persons from the trade for five years: the longest penalty here.
        until = add_months(decision.decided, 60)
        barred = _imposed([*kinds, "限制从业"], fine, f"{content}，五年内不得从事食品经营")
        return barred | {"licence_affected": case.licence, "effective_until": until.isoformat()}
    fine = 500 * (2 + draw.below(97))
    if case.persons_only:
        return _imposed(["罚款"], 100 * (2 + draw.below(18)))
    if draw.one_in(4):
        taken = 100 * (1 + draw.below(300))
        imposed = _imposed(["罚款", "没收违法所得"], fine, f"没收违法所得{taken}元")
        return imposed | {"confiscated_amount": _in_ten_thousands(taken)}
    return _imposed(["罚款"], fine)


def _imposed(kinds: list[str], fine: int, other: str = "") -> dict[str, str]:
    contents = [f"罚款{fine}元", *([other] if other else [])]
    if "警告" in kinds:
        contents.insert(0, "警告")
    return {
        "penalty_types": ";".join(kinds),
        "penalty_content": "；".join(f"{n}.{each}" for n, each in enumerate(contents, start=1)),
        "fine_amount": _in_ten_thousands(fine),
    }


def _in_ten_thousands(yuan: int) -> str:
    return format((Decimal(yuan) / 10_000).normalize(), "f")


def _status(decision: Decision, shown: Window, draw: Draw) -> Row:
    severity = decision.severity
    until, status, reason = shown.until, "published", ""
    changed: date | None = None
    repaired = shown.repair_from + timedelta(days=1 + draw.below(60))
    withdrawn = decision.decided + timedelta(days=30 + draw.below(60))
    # Market regulation shortens no window of a serious case.
    repairable = severity == "general" or (severity == "serious" and shown.rule != "R-SAMR")
    if draw.one_in(150) and withdrawn <= min(CLOSED, until):
        until, changed = withdrawn, withdrawn
        status, reason = "withdrawn", "行政复议决定撤销原处罚决定"
    elif repairable and draw.one_in(15) and repaired <= min(CLOSED, until):
        until, changed = repaired, repaired
        status, reason = "repaired", "已纠正违法行为、履行义务并作出信用承诺"
    elif until < CLOSED:
        status, reason, changed = "expired", "公示期届满", until + timedelta(days=1)
    elif draw.one_in(200):
        since = (CLOSED - decision.decided).days
        changed = decision.decided + timedelta(days=draw.below(since + 1))
        status, reason = "corrected", "更正决定书文字错误"
    return {
        "public_until": until.isoformat(),
        "status": status,
        "status_date": changed.isoformat() if changed else "",
        "status_reason": reason,
    }
