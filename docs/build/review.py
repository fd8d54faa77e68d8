"""The review, drawn from its table, and its words, states and bases told in tables."""

from collections.abc import Iterator

from docs.build.markdown import code, table
from opendata.domain.bases import BASES
from opendata.domain.people import Role
from opendata.domain.transitions import TABLE, Place, State, Verdict, Word

_START = "[*]"


def diagram() -> Iterator[str]:
    """Yield the state diagram in Mermaid's notation: every row of the table is in an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {
        (_START, Place.RECEIVED.value): ["a file is sent in"]
    }
    for (place, event), goal in TABLE.items():
        arrows.setdefault((place.value, goal.value), []).append(str(event))
    yield "```mermaid"
    yield "stateDiagram-v2"
    for (origin, then), events in sorted(arrows.items()):
        yield f"    {origin} --> {then}: {' / '.join(sorted(events))}"
    yield "```"


def states() -> Iterator[str]:
    """Yield a table of the states that a submission can come to be in."""
    rows = [(code(each), each.label.zh, each.label.en) for each in State]
    yield from table(["state", "中文", "English"], rows)


def verdicts() -> Iterator[str]:
    """Yield a table of the verdicts and of who may give them."""
    rows = []
    for verdict in Verdict:
        words = {event for _, event in TABLE if isinstance(event, Word)}
        roles = sorted(each.role for each in words if each.verdict is verdict)
        rows.append((code(verdict), verdict.label.zh, verdict.label.en, ", ".join(roles)))
    yield from table(["verdict", "中文", "English", "given by"], rows)


def roles() -> Iterator[str]:
    """Yield a table of the roles."""
    rows = [(code(each), each.label.zh, each.label.en) for each in Role]
    yield from table(["role", "中文", "English"], rows)


def bases() -> Iterator[str]:
    """Yield the code list of legal bases."""
    rows = [
        (
            code(each.code),
            each.citation.zh,
            f"{each.title.zh} {each.title.en}",
            ", ".join(code(verdict) for verdict in Verdict if verdict in each.verdicts),
        )
        for each in BASES.values()
    ]
    yield from table(["code", "依据 article", "内容 about", "suits"], rows)
