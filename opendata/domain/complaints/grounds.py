"""Grounds: what a body or a person may be said to have done, as the rules list it.

Each is a situation of 《桂林市政府信息公开责任追究制度（试行）》第五条 or of
《陕西省住房和城乡建设厅政府信息公开责任追究制度（试行）》第七条, with the articles that have it,
those of 《政府信息公开条例》(2019) included. Where one item of a rule lists several faults that are
found and put right in different ways (not true, incomplete, late, in another form), each is a
ground of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from opendata.domain.errors import Text

_GUILIN = "《桂林市政府信息公开责任追究制度（试行）》第五条"
_SHAANXI = "《陕西省住房和城乡建设厅政府信息公开责任追究制度（试行）》第七条"
_REGULATION = "《政府信息公开条例》"
_NUMERALS = "零一二三四五六七八九十"


class Ground(StrEnum):
    """One situation that the rules list."""

    WEAK_ORGANISATION = "weak_organisation"
    DUTY_NOT_MET = "duty_not_met"
    NOT_UPDATED = "not_updated"
    UNTRUE = "untrue"
    INCOMPLETE = "incomplete"
    LATE = "late"
    WRONG_FORM = "wrong_form"
    PROCEDURE_BROKEN = "procedure_broken"
    CHANGE_NOT_REPORTED = "change_not_reported"
    REQUEST_NOT_ACCEPTED = "request_not_accepted"
    REQUEST_REFUSED = "request_refused"
    REQUEST_DELAYED = "request_delayed"
    REQUEST_NOT_AS_APPROVED = "request_not_as_approved"
    NOT_INFORMED = "not_informed"
    NOT_REVIEWED = "not_reviewed"
    WRONGLY_DISCLOSED = "wrongly_disclosed"
    ILLEGAL_FEES = "illegal_fees"
    CRITICISM_IGNORED = "criticism_ignored"
    OBSTRUCTED = "obstructed"
    OTHER = "other"

    @property
    def label(self) -> Text:
        """What is said to have happened, in both languages."""
        return _GROUNDS[self].label

    @property
    def articles(self) -> tuple[str, ...]:
        """Where the rules have it."""
        return _GROUNDS[self].articles


@dataclass(frozen=True, slots=True)
class _Entry:
    label: Text
    articles: tuple[str, ...]


def _numeral(number: int) -> str:
    return _NUMERALS[number] if number <= 10 else f"十{_NUMERALS[number - 10]}"


def _entry(
    label: Text, *, guilin: int | None = None, shaanxi: int | None = None, law: str = ""
) -> _Entry:
    articles = [f"{_REGULATION}{law}"] if law else []
    if guilin is not None:
        articles.append(f"{_GUILIN}第（{_numeral(guilin)}）项")
    if shaanxi is not None:
        articles.append(f"{_SHAANXI}第（{_numeral(shaanxi)}）项")
    return _Entry(label, tuple(articles))


_GROUNDS: Mapping[Ground, _Entry] = {
    Ground.WEAK_ORGANISATION: _entry(
        Text("组织领导不力，工作机制和监督机制不健全，制度不落实",
             "weak organisation: mechanisms or rules are missing or not carried out"),
        guilin=1, law="第五十二条",
    ),
    Ground.DUTY_NOT_MET: _entry(
        Text("不依法履行政府信息公开义务", "the duty to disclose is not met"),
        guilin=2, shaanxi=1, law="第五十三条第（一）项",
    ),
    Ground.NOT_UPDATED: _entry(
        Text("不及时编制、更新公开的政府信息内容、政府信息公开指南和目录",
             "published information, the guide or the catalogue is not kept up to date"),
        guilin=3, shaanxi=2, law="第五十三条第（二）项",
    ),
    Ground.UNTRUE: _entry(
        Text("公开的政府信息内容不真实或搞虚假公开", "what is disclosed is not true"),
        guilin=4, shaanxi=7,
    ),
    Ground.INCOMPLETE: _entry(
        Text("公开事项不全面", "what is disclosed is incomplete"), guilin=4
    ),
    Ground.LATE: _entry(
        Text("没有按要求时限公开", "disclosure later than it was due"), guilin=4, law="第二十六条"
    ),
    Ground.WRONG_FORM: _entry(
        Text("没有按要求形式公开", "disclosure in another form than is required"), guilin=4
    ),
    Ground.PROCEDURE_BROKEN: _entry(
        Text("违反政府信息公开工作程序", "the procedure of disclosure is not followed"), shaanxi=3
    ),
    Ground.CHANGE_NOT_REPORTED: _entry(
        Text("需公开的政府信息增加、变更、撤销或终止时，不及时向政府信息公开工作机构提供并作出说明",
             "information that is added, changed or ended is not handed on and explained in time"),
        shaanxi=6,
    ),
    Ground.REQUEST_NOT_ACCEPTED: _entry(
        Text("对公开申请无正当理由不受理", "a request is not accepted, without good reason"),
        shaanxi=9, law="第四十七条第二款",
    ),
    Ground.REQUEST_REFUSED: _entry(
        Text("对符合法定条件的申请人，不提供应当公开的政府信息",
             "what is to be disclosed is refused to an applicant who is entitled to it"),
        guilin=5, law="第四十七条第二款",
    ),
    Ground.REQUEST_DELAYED: _entry(
        Text("不在法定时限内提供申请公开的政府信息，或者拖延办理",
             "a request is not answered in time, or its handling is delayed"),
        guilin=5, shaanxi=9, law="第三十三条",
    ),
    Ground.REQUEST_NOT_AS_APPROVED: _entry(
        Text("不按经批准的申请要求提供政府信息",
             "what was granted is not provided as it was asked for"),
        shaanxi=9,
    ),
    Ground.NOT_INFORMED: _entry(
        Text("应当履行而未履行告知义务，导致行政相对人或者第三人的合法权益受损害",
             "an applicant or a third party was not told what they had to be told"),
        guilin=6, law="第五十一条",
    ),
    Ground.NOT_REVIEWED: _entry(
        Text("未建立保密审查机制或未执行保密审查程序", "there was no secrecy review"),
        guilin=7, shaanxi=4, law="第十七条",
    ),
    Ground.WRONGLY_DISCLOSED: _entry(
        Text("公开不应当公开的政府信息", "what may not be disclosed was disclosed"),
        guilin=7, shaanxi=8,
    ),
    Ground.ILLEGAL_FEES: _entry(
        Text("违反规定收费，或通过其他组织、个人以有偿服务方式提供政府信息",
             "fees against the rules, or information provided for pay through others"),
        guilin=8, shaanxi=5, law="第四十二条",
    ),
    Ground.CRITICISM_IGNORED: _entry(
        Text("对被评议后群众提出的意见和建议，未整改或整改不力",
             "what the public criticised in an appraisal is not put right"),
        guilin=9,
    ),
    Ground.OBSTRUCTED: _entry(
        Text("干扰、阻挠检查与监督，造假、隐瞒问题，或不落实监督检查决定",
             "supervision is obstructed or deceived, or its decisions are not carried out"),
        guilin=10, shaanxi=10,
    ),
    Ground.OTHER: _entry(
        Text("违反政府信息公开有关规定的其他行为", "any other breach of the rules on disclosure"),
        guilin=11, shaanxi=11, law="第五十三条第（三）项",
    ),
}  # fmt: skip
