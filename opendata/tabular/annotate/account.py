"""What is given back to whoever sent a file: the findings to be marked, and the sums of all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from opendata.domain.errors import Text
from opendata.domain.privacy import Flag
from opendata.tabular.annotate.findings import Finding, Layout, of_cautions, of_errors
from opendata.tabular.annotate.places import Cell
from opendata.tabular.rules import RULES, UNKNOWN_RULE
from opendata.tabular.rules.model import Severity

MOST_FINDINGS = 10_000
# What a person still reads beside one cell; the first sheet has the rest.
_MOST_IN_COMMENT = 5
_LONGEST_COMMENT = 4_000
_AT_EACH = Text("每一处都写明了应当怎样。", "Each finding says what is expected.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What validation made of a file, as the Report and what stands beside it say.

    ``filename`` is what the sender called it; ``errors`` are the Report's, however many;
    ``cautions`` as in the Report, with their answers where there are any; ``flags`` are what the
    scan raised, of which no value is known here.
    """

    filename: str
    valid: bool
    counts: Mapping[str, Any]
    errors: Iterable[Mapping[str, Any]]
    cautions: Sequence[Mapping[str, Any]]
    provenance: Mapping[str, Any]
    flags: Sequence[Flag] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell is marked with."""

    severity: Severity
    comment: str

    def followed_by(self, other: "Mark") -> "Mark":
        """Return one mark that says both."""
        severity = "error" if other.severity == "error" else self.severity
        return Mark(severity, _bounded(f"{self.comment}\n\n{other.comment}"))


@dataclass(frozen=True, slots=True)
class Kind:
    """All findings of one rule: how many, and where the first is."""

    title: Text
    severity: Severity
    rule: str | None
    basis: str | None
    advice: Text
    count: int
    first: Cell | None


@dataclass(frozen=True, slots=True)
class Account:
    """What is told about a file: of all findings how many, and the first ones one by one."""

    outcome: Outcome
    layout: Layout
    findings: tuple[Finding, ...]
    kinds: tuple[Kind, ...]

    @property
    def errors_shown(self) -> int:
        """How many of the errors are among the findings told one by one."""
        return sum(each.severity == "error" for each in self.findings)

    def marks(self) -> dict[Cell, Mark]:
        """Return what to mark, by cell, in the order of rows and columns."""
        said: dict[Cell, list[Finding]] = {}
        for finding in self.findings:
            for cell in finding.cells:
                if cell.fits:
                    said.setdefault(cell, []).append(finding)
        return {cell: _mark(said[cell]) for cell in sorted(said)}

    def moved(self, to: Callable[[Cell], Cell | None]) -> "Account":
        """Return the same where every cell is somewhere else, or nowhere."""

        def places(cells: Iterable[Cell]) -> tuple[Cell, ...]:
            return tuple(there for cell in cells if (there := to(cell)) is not None)

        return replace(
            self,
            findings=tuple(replace(each, cells=places(each.cells)) for each in self.findings),
            kinds=tuple(
                replace(each, first=to(each.first) if each.first else None) for each in self.kinds
            ),
        )


def account_of(outcome: Outcome, most: int = MOST_FINDINGS) -> Account:
    """Gather what is told: errors first, and cautions as far as ``most`` findings leave room."""
    layout = Layout.of(outcome.provenance)
    errors = list(islice(of_errors(outcome.errors, layout), most))
    cautions = list(islice(of_cautions(outcome.cautions, layout), most - len(errors)))
    findings = (*errors, *cautions)
    return Account(outcome, layout, findings, tuple(_kinds(outcome, findings)))


def _kinds(outcome: Outcome, findings: Sequence[Finding]) -> Iterator[Kind]:
    """Yield the kinds of errors, then of cautions.

    Rules are told apart where every error is among ``findings``; else only the types, of which
    the Report counts all.
    """
    errors = [each for each in findings if each.severity == "error"]
    all_told = len(errors) == outcome.counts["errors"]
    grouped: dict[tuple[str, str | None], list[Finding]] = {}
    for each in errors:
        grouped.setdefault((each.kind, each.rule if all_told else None), []).append(each)
    for (kind, rule), met in grouped.items():
        yield Kind(
            title=met[0].title,
            severity="error",
            rule=rule,
            basis=met[0].basis if all_told else None,
            advice=_advice(kind),
            count=len(met) if all_told else outcome.counts["by_type"][kind],
            first=_first(met),
        )
    for kind, count in outcome.counts["by_type"].items():
        if (kind, None) not in grouped and not all_told:
            title = RULES.get(kind, UNKNOWN_RULE).title
            yield Kind(title, "error", None, None, _advice(kind), count, None)
    yield from _caution_kinds(outcome, findings)


def _caution_kinds(outcome: Outcome, findings: Sequence[Finding]) -> Iterator[Kind]:
    for each in outcome.cautions:
        told = RULES.get(each["code"], UNKNOWN_RULE)
        met = [
            finding
            for finding in findings
            if finding.severity == "caution"
            and (finding.kind, finding.rule) == (each["code"], each["name"])
            and finding.message == Text(**each["message"])
        ]
        yield Kind(
            title=told.title,
            severity="caution",
            rule=each["name"],
            basis=each["basis"],
            advice=Text(**each["message"]),
            count=each["count"],
            first=_first(met),
        )


def _advice(kind: str) -> Text:
    advice = RULES.get(kind, UNKNOWN_RULE).advice
    return advice if advice.zh else _AT_EACH


def _first(met: Sequence[Finding]) -> Cell | None:
    return next((cell for each in met for cell in each.cells if cell.fits), None)


def _mark(findings: Sequence[Finding]) -> Mark:
    severity: Severity = "caution"
    if any(each.severity == "error" for each in findings):
        severity = "error"
    said = [_words(each) for each in findings[:_MOST_IN_COMMENT]]
    more = len(findings) - len(said)
    if more:
        said.append(f"另有 {more} 处，见首页。 {more} more, see the first sheet.")
    return Mark(severity, _bounded("\n\n".join(said)))


def _bounded(comment: str) -> str:
    if len(comment) <= _LONGEST_COMMENT:
        return comment
    return comment[: _LONGEST_COMMENT - 1] + "…"


def _words(finding: Finding) -> str:
    """Say what is wrong, what is expected and which rule asks for it; Chinese first."""
    name = "错误 Error" if finding.severity == "error" else "提示 Caution"
    lines = [f"【{name}】{finding.message.zh}", finding.message.en]
    grounds = "，".join(each for each in (finding.rule, finding.basis) if each)
    if grounds:
        lines.append(f"规则 Rule: {grounds}")
    return "\n".join(lines)
