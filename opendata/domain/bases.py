"""The code list of legal bases: articles of 《政府信息公开条例》 that a review may rest on.

The Regulation is that of 2019 (国务院令第711号, in force since 2019-05-15). A code names an article
and, where the article lists items, the item: ``gk2019-20-7`` is 第二十条第（七）项. What stands
beside a code says what the article is about; it is not its wording.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opendata.domain.errors import Fault, Text, Unprocessable
from opendata.domain.transitions import Verdict

_REGULATION = Text("《政府信息公开条例》", "Regulation on Open Government Information")
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Basis:
    """One article, or one item of it, and the verdicts that may rest on it."""

    article: int
    item: int | None
    title: Text
    verdicts: frozenset[Verdict]

    @property
    def code(self) -> str:
        """What a decision names it by."""
        own = f"gk2019-{self.article}"
        return own if self.item is None else f"{own}-{self.item}"

    @property
    def citation(self) -> Text:
        """The article as it is cited.

        >>> BASES["gk2019-20-15"].citation.zh
        '《政府信息公开条例》第二十条第（十五）项'
        """
        zh, en = f"{_REGULATION.zh}第{_numeral(self.article)}条", f"article {self.article}"
        if self.item is not None:
            zh, en = f"{zh}第（{_numeral(self.item)}）项", f"{en}({self.item})"
        return Text(zh, f"{_REGULATION.en}, {en}")


class InvalidBasis(Unprocessable):
    """The basis is not in the code list, or the verdict cannot rest on it, or there is none."""

    code = "invalid-basis"


_TO_RELEASE = frozenset({Verdict.DISCLOSE, Verdict.DISCLOSE_IN_PART})
_TO_KEEP = frozenset({Verdict.WITHHOLD, Verdict.DISCLOSE_IN_PART, Verdict.REFER})
_ANY = frozenset(Verdict)
# 公开 needs no other basis than the duty to disclose; 退回 asks for a better file and says why.
_NEED_A_BASIS = _TO_KEEP

_ARTICLES = (
    (6, Text("及时、准确公开", "disclosure in time and without error"), _ANY),
    (10, Text("由制作或者保存的机关公开", "who made or keeps it discloses it"), _ANY),
    (11, Text("公开前与所涉机关协商、确认", "agencies concerned are consulted first"), _ANY),
    (13, Text("以公开为原则", "disclosure is the rule"), _TO_RELEASE),
    (14, Text("国家秘密等不予公开的信息", "state secrets, and what must not be public"), _TO_KEEP),
    (15, Text("商业秘密、个人隐私", "trade secrets and personal privacy"), _TO_KEEP | _TO_RELEASE),
    (16, Text("内部事务、过程性信息，执法案卷", "internal affairs, drafts, case files"), _TO_KEEP),
    (17, Text("公开前审查，不能确定的报有关部门", "review, and referral where in doubt"), _ANY),
    (18, Text("定期评估，可以公开的予以公开", "what was withheld is looked at again"), _TO_RELEASE),
    (19, Text("主动公开的范围", "what is disclosed proactively"), _TO_RELEASE),
    (20, Text("各行政机关主动公开的信息", "what every agency discloses"), _TO_RELEASE),
    (21, Text("地方政府及其部门还应公开的信息", "what local government adds"), _TO_RELEASE),
    (36, Text("对申请的答复", "how requests are answered"), _ANY),
    (37, Text("区分处理", "what can be told apart is"), frozenset({Verdict.DISCLOSE_IN_PART})),
)
# 第二十条, item by item.
_ITEMS = (
    Text("行政法规、规章和规范性文件", "regulations, rules and normative documents"),
    Text("机关职能、机构设置和联系方式", "functions, offices, contacts"),
    Text("规划及相关政策", "plans and the policies that go with them"),
    Text("国民经济和社会发展统计信息", "statistics"),
    Text("行政许可等事项的依据、程序和结果", "licences: basis, procedure, results"),
    Text("行政处罚、行政强制的依据、程序和有关决定", "penalties: basis, procedure, decisions"),
    Text("财政预算、决算", "budgets and final accounts"),
    Text("行政事业性收费", "administrative charges"),
    Text("政府集中采购", "government procurement"),
    Text("重大建设项目的批准和实施", "approval and progress of major projects"),
    Text("扶贫、教育、医疗、社会保障、就业", "poverty relief, schools, health, welfare, jobs"),
    Text("突发公共事件", "emergencies"),
    Text("环境、卫生、安全、食品药品、质量的监督检查", "inspections of safety and quality"),
    Text("公务员招考", "recruitment of civil servants"),
    Text("法律、法规、规章规定的其他信息", "whatever else the law says is disclosed"),
)


def _listed() -> Iterable[Basis]:
    for article, title, verdicts in _ARTICLES:
        yield Basis(article, None, title, verdicts)
        if article == 20:
            for item, said in enumerate(_ITEMS, start=1):
                yield Basis(article, item, said, verdicts)


def _numeral(number: int) -> str:
    """Return a number below 100 as articles are counted: 三十六."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return head + (_DIGITS[ones] if ones else "")


BASES: Mapping[str, Basis] = {each.code: each for each in _listed()}


def check_basis(verdict: Verdict, code: str | None, text: str) -> None:
    """Raise ``InvalidBasis`` unless ``verdict`` may rest on what is named.

    An opinion gives its basis (依据) by code, in words, or both; a plain ``disclose`` and a
    ``return`` need none.
    """
    if code is None:
        if verdict in _NEED_A_BASIS and not text.strip():
            said = Text(
                f"“{verdict.label.zh}”须注明依据：basis_code 或 basis。",
                f"{verdict} names its legal basis: basis_code, or basis.",
            )
            raise InvalidBasis(*said, (Fault("/basis_code", said, "basis-required"),))
        return
    found = BASES.get(code)
    if found is None:
        said = Text(
            f"代码表没有“{code}”；见 /api/v1/review-bases。",
            f"{code} is not in the code list; see /api/v1/review-bases.",
        )
        raise InvalidBasis(*said, (Fault("/basis_code", said, "unknown-basis"),))
    if verdict not in found.verdicts:
        said = Text(
            f"“{verdict.label.zh}”的意见不能以{found.citation.zh}为依据。",
            f"The verdict {verdict} cannot rest on {found.citation.en}.",
        )
        raise InvalidBasis(*said, (Fault("/basis_code", said, "basis-not-suited"),))
