"""The ladder of measures: what may follow a breach, for a body and for its persons.

By 《桂林市政府信息公开责任追究制度（试行）》第七条 (the rungs, by how grave it is) and
《陕西省住房和城乡建设厅政府信息公开责任追究制度（试行）》第三条 (the kinds). By
《政府信息公开条例》第四十七条 the department in charge itself urges and criticises; whatever
touches a person's post it proposes to the authority that has the power: such a measure is
*referred*.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from opendata.domain.errors import Text


class Gravity(StrEnum):
    """How grave a breach is: the four cases of the rule, lightest first."""

    MINOR = "minor"
    SERIOUS = "serious"
    DISCIPLINARY = "disciplinary"
    CRIMINAL = "criminal"

    @property
    def label(self) -> Text:
        """The case in both languages."""
        return _GRAVITIES[self]

    @property
    def level(self) -> int:
        """The highest rung of the ladder that it leads to, from 1."""
        return list(Gravity).index(self) + 1


_GRAVITIES = {
    Gravity.MINOR: Text("情节轻微、影响较小", "minor"),
    Gravity.SERIOUS: Text("情节严重、影响较大", "serious"),
    Gravity.DISCIPLINARY: Text("违反党纪政纪", "a breach of discipline"),
    Gravity.CRIMINAL: Text("涉嫌犯罪", "a suspected crime"),
}


class Target(StrEnum):
    """Who a measure is taken against."""

    BODY = "body"
    PERSON = "person"

    @property
    def label(self) -> Text:
        """The target in both languages."""
        return _TARGETS[self]


_TARGETS = {Target.BODY: Text("单位", "the body"), Target.PERSON: Text("个人", "a person")}


class Measure(StrEnum):
    """One measure of the ladder."""

    ADMONITION = "admonition"
    EDUCATION = "education"
    CORRECTION_ORDERED = "correction_ordered"
    CRITICISM_CIRCULATED = "criticism_circulated"
    RECTIFICATION_ORDERED = "rectification_ordered"
    SELF_CRITICISM = "self_criticism"
    HONOURS_CANCELLED = "honours_cancelled"
    PUBLIC_APOLOGY = "public_apology"
    REASSIGNED = "reassigned"
    REMOVED = "removed"
    SANCTIONED = "sanctioned"
    DISCIPLINE = "discipline"
    PROSECUTION = "prosecution"

    @property
    def label(self) -> Text:
        """The measure in both languages."""
        return _MEASURES[self].label

    @property
    def level(self) -> int:
        """Its rung: 1 is the lightest, 4 the gravest."""
        return _MEASURES[self].level

    @property
    def targets(self) -> frozenset[Target]:
        """Against whom it may be taken."""
        return _MEASURES[self].targets

    @property
    def articles(self) -> tuple[str, ...]:
        """Where the rules have it."""
        return _MEASURES[self].articles

    @property
    def is_referred(self) -> bool:
        """Whether it is for another authority to take, and only proposed or handed over."""
        return self.level > Gravity.SERIOUS.level

    @property
    def needs_rectification(self) -> bool:
        """Whether something has to be put right by a day."""
        return self in (Measure.CORRECTION_ORDERED, Measure.RECTIFICATION_ORDERED)


@dataclass(frozen=True, slots=True)
class _Rung:
    label: Text
    level: int
    targets: frozenset[Target]
    articles: tuple[str, ...]


_BODY, _PERSON, _BOTH = frozenset({Target.BODY}), frozenset({Target.PERSON}), frozenset(Target)
_LIGHT = "《桂林市政府信息公开责任追究制度（试行）》第七条第（一）项"
_GRAVE = "《桂林市政府信息公开责任追究制度（试行）》第七条第（二）项"
_DISCIPLINE = "《桂林市政府信息公开责任追究制度（试行）》第七条第（三）项"
_CRIME = "《桂林市政府信息公开责任追究制度（试行）》第七条第（四）项"
_KINDS = "《陕西省住房和城乡建设厅政府信息公开责任追究制度（试行）》第三条"
_URGE = "《政府信息公开条例》第四十七条"
_PUNISH = "《政府信息公开条例》第五十三条"
_MEASURES: Mapping[Measure, _Rung] = {
    Measure.ADMONITION: _Rung(Text("告诫", "admonition"), 1, _PERSON, (_LIGHT,)),
    Measure.EDUCATION: _Rung(Text("批评教育", "criticism and education"), 1, _PERSON, (_LIGHT,)),
    Measure.CORRECTION_ORDERED: _Rung(
        Text("责令改正", "ordered to correct it"), 1, _BOTH, (_LIGHT, _KINDS, _URGE, _PUNISH)
    ),
    Measure.CRITICISM_CIRCULATED: _Rung(
        Text("通报批评", "criticism in a circular"), 2, _BOTH, (_GRAVE, _KINDS, _URGE)
    ),
    Measure.RECTIFICATION_ORDERED: _Rung(
        Text("责令限期整改", "ordered to rectify by a day"), 2, _BODY, (_GRAVE, _URGE)
    ),
    Measure.SELF_CRITICISM: _Rung(
        Text("责令作出书面检查", "ordered to examine itself in writing"), 2, _BOTH, (_GRAVE, _KINDS)
    ),
    Measure.HONOURS_CANCELLED: _Rung(
        Text("取消年度评优评先资格", "no honours this year"), 2, _BOTH, (_GRAVE, _KINDS)
    ),
    Measure.PUBLIC_APOLOGY: _Rung(
        Text("责令公开道歉", "ordered to apologise in public"), 2, _BOTH, (_KINDS,)
    ),
    Measure.REASSIGNED: _Rung(Text("调离工作岗位", "moved to another post"), 3, _PERSON, (_KINDS,)),
    Measure.REMOVED: _Rung(Text("免职", "removed from office"), 3, _PERSON, (_KINDS,)),
    Measure.SANCTIONED: _Rung(
        Text("给予处分", "an administrative sanction"), 3, _PERSON, (_KINDS, _PUNISH)
    ),
    Measure.DISCIPLINE: _Rung(
        Text("移送纪检监察机关", "handed to discipline inspection"), 3, _BOTH, (_DISCIPLINE,)
    ),
    Measure.PROSECUTION: _Rung(
        Text("移送司法机关", "handed to the judicial authorities"), 4, _BOTH, (_CRIME, _KINDS)
    ),
}
