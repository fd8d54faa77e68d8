"""What a problem's code means: the addresses that problem documents name as their ``type``."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template

from opendata.domain.errors import NotFound, Refusal, Text
from opendata.web import phrases
from opendata.web.access import opened_to
from opendata.web.pages.advice import advice_on


class NoSuchProblem(NotFound):
    """No problem has this code."""

    code = "no-such-problem"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code: what it is called, which status it has, what it means and what to do."""

    code: str
    status: int
    title: Text
    advice: Text


@opened_to()
def listed() -> str:
    """List every code."""
    return render_template("problems.html", explanations=explanations().values())


@opened_to()
def one(code: str) -> str:
    """Explain one code."""
    known = explanations()
    if code not in known:
        raise NoSuchProblem(f"没有错误代码“{code}”。", f"There is no problem code {code}.")
    return render_template("explanation.html", explanation=known[code])


def explanations() -> dict[str, Explanation]:
    """Return every code the platform can answer with, in alphabetical order.

    A code that both the rules and the framework use is told in the words of the rules.
    """
    found = {}
    for status in phrases.statuses():
        code, title, detail = phrases.of_status(status)
        found[code] = Explanation(code, status, title, advice_on(code, status, detail))
    for kind in _kinds(Refusal):
        general = Text(*kind.title)
        advice = advice_on(kind.code, kind.status, general)
        found[kind.code] = Explanation(kind.code, kind.status, general, advice)
    return dict(sorted(found.items()))


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)
