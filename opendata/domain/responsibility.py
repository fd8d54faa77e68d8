"""Who is answerable for a release, were it found to break the rules; computed from facts alone.

The shares are those of 《桂林市政府信息公开责任追究制度（试行）》第六条: who acted without
review or approval, who did not correct a mistaken opinion, who overrode a right one, what a body
decided.
Nothing here finds that a release was wrong; that is for whoever investigates. On the assumption
that it was, a word is *right* if it would have kept back something that was published.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from opendata.domain.collective import CollectiveDecision, MemberStance
from opendata.domain.courses import Decision, Withheld, word_of
from opendata.domain.errors import Text
from opendata.domain.people import Role


class Share(StrEnum):
    """How much somebody is answerable."""

    WHOLE = "whole"
    MAIN = "main"
    SECONDARY = "secondary"
    NONE = "none"

    @property
    def label(self) -> Text:
        """The share in both languages."""
        return _SHARES[self]


_SHARES = {
    Share.WHOLE: Text("全部责任", "the whole responsibility"),
    Share.MAIN: Text("主要责任", "the main responsibility"),
    Share.SECONDARY: Text("次要责任", "a secondary responsibility"),
    Share.NONE: Text("不承担责任", "no responsibility"),
}


class Branch(StrEnum):
    """Which case of the rule it is."""

    UNAPPROVED = "unapproved"
    UNCORRECTED = "uncorrected"
    OVERRIDDEN = "overridden"
    COLLECTIVE = "collective"

    @property
    def label(self) -> Text:
        """The case in both languages."""
        return _BRANCHES[self][0]

    @property
    def clause(self) -> str:
        """Where the rule has it."""
        return f"《桂林市政府信息公开责任追究制度（试行）》第六条第（{_BRANCHES[self][1]}）项"


_BRANCHES = {
    Branch.UNAPPROVED: (
        Text("未经审查或批准，承办人擅自作出", "the author acted without review or approval"), "一"
    ),
    Branch.UNCORRECTED: (
        Text("意见有错误，批准人未予纠正", "a mistaken opinion was not corrected"), "一"
    ),
    Branch.OVERRIDDEN: (
        Text("批准人不采纳或改变正确意见，或未经初审直接作出",
             "a right opinion was overridden, or none was asked for"), "二"
    ),
    Branch.COLLECTIVE: (Text("集体讨论决定", "a body decided"), "三"),
}  # fmt: skip


class Part(StrEnum):
    """What somebody did about the release."""

    AUTHOR = "author"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    APPROVER = "approver"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of how a release came about: who prepared it, and the round that released it.

    ``decisions`` hold at most one word of each role.
    """

    author: str
    sent_at: datetime
    decisions: tuple[Decision, ...]

    def word(self, role: Role) -> Decision | None:
        """Return what a role said."""
        return word_of(self.decisions, role)


@dataclass(frozen=True, slots=True)
class CaseFact:
    """One fact that a conclusion rests on."""

    number: int
    person: str
    part: Part
    what: Text
    at: datetime


@dataclass(frozen=True, slots=True)
class Answerable:
    """One person's share, and the numbers of the facts it rests on."""

    person: str
    part: Part
    share: Share
    rests_on: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The case of the rule, everybody's share, the facts, and what the facts do not say."""

    branch: Branch
    persons: tuple[Answerable, ...]
    facts: tuple[CaseFact, ...]
    missing: tuple[Text, ...]


_NOT_RECORDED = Text(
    "平台没有记录批准是否经集体讨论；有会议纪要的，以其记载为准。",
    "Nothing is recorded of a body having decided; minutes, where there are any, say otherwise.",
)
_NO_OPINION = Text("没有审查人的意见。", "There is no reviewer's opinion.")
_NO_APPROVAL = Text("没有批准人同意公开的意见。", "No approver said that it is to be public.")


def is_right(word: Decision, published: Withheld) -> bool:
    """Whether a word would have kept back something that was published.

    ``published`` is what the release itself kept back.
    """
    if not word.verdict.releases:
        return True
    columns = set(word.withheld.columns) - set(published.columns)
    rows = set(word.withheld.rows) - set(published.rows)
    return bool(columns or rows)


def responsibility(case: Case) -> Responsibility:
    """Return who is answerable for what was published, were it found to break the rules."""
    branch = _branch(case)
    facts = tuple(_facts(case))
    shares = _collective(case) if branch is Branch.COLLECTIVE else _shares(case, branch)
    persons = tuple(
        Answerable(each.person, each.part, shares.get((each.person, each.part), Share.NONE),
                   _grounds(each, facts))
        for each in facts
    )  # fmt: skip
    return Responsibility(branch, persons, facts, tuple(_missing(case)))


def _approval(case: Case) -> Decision | None:
    word = case.word(Role.APPROVER)
    return word if word is not None and word.verdict.releases else None


def _branch(case: Case) -> Branch:
    approval = _approval(case)
    if approval is None:
        return Branch.UNAPPROVED
    if approval.collective is not None:
        return Branch.COLLECTIVE
    opinions = [case.word(Role.SUPERVISOR), case.word(Role.REVIEWER)]
    given = [each for each in opinions if each is not None]
    if not given or any(is_right(each, approval.withheld) for each in given):
        return Branch.OVERRIDDEN
    return Branch.UNCORRECTED


def _shares(case: Case, branch: Branch) -> dict[tuple[str, Part], Share]:
    """Return the shares of those who are answerable at all."""
    approval, opinion = _approval(case), case.word(Role.REVIEWER)
    ruling = case.word(Role.SUPERVISOR)
    author = {(case.author, Part.AUTHOR): Share.MAIN}
    if approval is None:
        return author
    approver = (approval.person, Part.APPROVER)
    wrong_ruling = ruling is not None and not is_right(ruling, approval.withheld)
    if branch is Branch.OVERRIDDEN:
        # A supervisor who overrode the reviewer decided; the approver did not correct it.
        if ruling is not None and wrong_ruling:
            return {(ruling.person, Part.SUPERVISOR): Share.MAIN, approver: Share.SECONDARY}
        return {approver: Share.WHOLE}
    shares = {**author, approver: Share.SECONDARY}
    if opinion is not None:
        shares[opinion.person, Part.REVIEWER] = Share.MAIN
    if ruling is not None:
        shares[ruling.person, Part.SUPERVISOR] = Share.SECONDARY
    return shares


_OF_STANCE = {
    MemberStance.DECIDED: Share.MAIN,
    MemberStance.AGREED: Share.SECONDARY,
    MemberStance.SILENT: Share.SECONDARY,
    MemberStance.OPPOSED: Share.NONE,
}


def _collective(case: Case) -> dict[tuple[str, Part], Share]:
    """Return the shares where a body decided: by what each held, within the body or before it."""
    approval = _approval(case)
    if approval is None or approval.collective is None:
        return {}
    shares = {(case.author, Part.AUTHOR): Share.SECONDARY}
    for role, part in ((Role.REVIEWER, Part.REVIEWER), (Role.SUPERVISOR, Part.SUPERVISOR)):
        word = case.word(role)
        if word is not None and not is_right(word, approval.withheld):
            shares[word.person, part] = Share.SECONDARY
    for each in approval.collective.members:
        shares[each.name, Part.MEMBER] = _OF_STANCE[each.stance]
    return shares


def _facts(case: Case) -> Iterator[CaseFact]:
    """Yield who did what, in the order in which it was due."""
    sent = Text("报送文件并提请公开", "sent the file in for publication")
    yield CaseFact(1, case.author, Part.AUTHOR, sent, case.sent_at)
    number, body = 1, None
    for role in (Role.REVIEWER, Role.SUPERVISOR, Role.APPROVER):
        word = case.word(role)
        if word is None:
            continue
        if role is Role.APPROVER and word.collective is not None:
            body = (word.collective, word.at)
            continue
        number += 1
        yield CaseFact(number, word.person, Part(role.value), _said(word), word.at)
    if body is not None:
        yield from _members(*body, number)


def _members(body: CollectiveDecision, at: datetime, number: int) -> Iterator[CaseFact]:
    for index, each in enumerate(body.members, start=number + 1):
        what = Text(
            f"集体讨论（{body.minutes}）：{each.stance.label.zh}",
            f"in the body ({body.minutes}): {each.stance.label.en}",
        )
        yield CaseFact(index, each.name, Part.MEMBER, what, at)


def _said(word: Decision) -> Text:
    said = Text(f"意见：{word.verdict.label.zh}", f"said: {word.verdict.label.en}")
    if not word.withheld:
        return said
    columns, rows = "、".join(word.withheld.columns), len(word.withheld.rows)
    return Text(
        f"{said.zh}（不公开的列：{columns or '无'}；不公开的行：{rows} 行）",
        f"{said.en} (columns: {columns or 'none'}; rows: {rows})",
    )


def _grounds(own: CaseFact, facts: Sequence[CaseFact]) -> tuple[int, ...]:
    """Return the facts a share rests on: the person's own, and whatever was published."""
    last = facts[-1].number if facts[-1].part is Part.APPROVER else own.number
    return tuple(sorted({own.number, last}))


def _missing(case: Case) -> Iterator[Text]:
    approval = _approval(case)
    if case.word(Role.REVIEWER) is None:
        yield _NO_OPINION
    if approval is None:
        yield _NO_APPROVAL
    elif approval.collective is None:
        yield _NOT_RECORDED
