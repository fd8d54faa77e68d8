"""Deadlines: every rule, what it is counted in, and what it rests on."""

from collections.abc import Iterator

from docs.build.markdown import code, table
from opendata.domain.deadlines import RULES, DeadlineRule


def rules() -> Iterator[str]:
    """Yield a table of the rules, in the order of the law."""
    yield from table(
        ["rule", "family", "what is due", "term", "in force", "basis"],
        [
            (
                code(each.id),
                ", ".join(map(code, each.families)),
                f"{each.title.zh} {each.title.en}",
                f"{each.term.zh}{_more(each)} {each.term.en}",
                _in_force(each),
                each.basis,
            )
            for each in RULES.values()
        ],
    )


def _more(rule: DeadlineRule) -> str:
    said = ""
    if rule.extension:
        said += f"，可延长 {rule.extension} 个工作日"
    if rule.uncounted:
        said += f"，另有至多 {rule.uncounted} 个工作日不计"
    return said


def _in_force(rule: DeadlineRule) -> str:
    if rule.since is None and rule.until is None:
        return "当地 local" if rule.is_local else ""
    return f"{rule.since or ''} – {rule.until or ''}".strip()
