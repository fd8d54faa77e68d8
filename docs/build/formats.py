"""Formats and oddities: what becomes of each, as the tests of the readers say it."""

from collections.abc import Iterator
from dataclasses import asdict

from docs.build.markdown import code, table
from docs.build.prose import prose
from opendata.tabular.readers.limits import LIMITS
from tests.tabular.readers.cases import cases
from tests.tabular.readers.cases.model import Case

_DECLARED = {
    "notes": "规范声明 the contract declares `notes`",
    "totals": "规范声明 the contract declares `totals`",
}


def formats() -> Iterator[str]:
    """Yield a section for each format, with a table of its oddities."""
    known = cases()
    told = prose("formats", {each.format for each in known})
    for name, meaning in told.items():
        yield f"### {code(name)}"
        yield ""
        yield meaning
        yield ""
        here = [each for each in known if each.format == name]
        rows = [(f"{each.what.zh}<br>{each.what.en}", _outcome(each)) for each in here]
        yield from table(["情形 oddity", "结果 what happens"], rows)
        yield ""


def count() -> Iterator[str]:
    """Yield how many cases there are, and of what kind."""
    known = cases()
    refused = sum(each.refused is not None for each in known)
    yield (
        f"共 {len(known)} 种情形，{len(known) - refused} 种读入，{refused} 种拒绝。 "
        f"{len(known)} cases: {len(known) - refused} are read, {refused} are refused."
    )


def limits() -> Iterator[str]:
    """Yield a table of what a file may cost at most."""
    numbers = asdict(LIMITS)
    told = prose("limits", set(numbers))
    rows = [(code(name), f"{numbers[name]:,}", meaning) for name, meaning in told.items()]
    yield from table(["limit", "至多 at most", "meaning"], rows)


def _outcome(case: Case) -> str:
    if case.refused is not None:
        problem, places = case.refused
        at = "、".join(code(each) for each in places)
        link = f"[{code(problem)}](problems.md#{problem})"
        return f"拒绝 refused: {link}" + (f" @ {at}" if at else "")
    said = ["读入 read", *(_DECLARED[each] for each in case.contract_reading)]
    return "；".join([*said, *(code(each) for each in case.notes)])
