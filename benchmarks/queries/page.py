"""The half about reading, as a part of the page, and its chart."""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.chart import svg
from benchmarks.kept import Comparison, Figure, Interval, Kept
from benchmarks.queries.asked import OURS, QUESTIONS

CHART = "queries.svg"
MIB = 2**20
SHORT = dict(zip(QUESTIONS, ("a record", "a page", "any page", "groups"), strict=True))
SECTION = """## Reading what is published

{circumstances}

{rows:,} rows of `benchmarks/penalties.py` are published through the whole chain in {parts}
datasets, and served by `opendata serve` as it comes (two web processes of four threads), its read
limits off; everybody else has what the whole collection's CSV says, set up as
[decision 0026](../docs/decisions/0026-peers-are-set-up-by-an-expert-and-asked-alike.md) tells.
Before anything is timed, everybody answers the same questions with the same records. Parameters
are random and never come twice, unless said; rates are over 16 connections that stay open, searches
and files over one. The load generator runs on the same cores as what it measures.

A goal is met when the interval reaches it.

![Requests a second](queries.svg)

### Beside others

{comparisons}

### By itself

{figures}

Memory is watched once a second over {watched:.0f} minutes: during the rounds themselves, and for
{mixed:.0f} s at their end, when everything is asked for at once. It is what smaps_rollup calls
private, of the larger of the two web processes; where it says dirty, without the clean pages of
mapped files: they are the system's cache, and count as private while no other process happens to
map them. The hour is in `make soak`.

### How long requests take

Medians of the rounds; `p99` is the time within which 99 of 100 requests are answered.

{latencies}

### Sizes

{sizes}

All but the first tenth of the records took {filling:.0f} s to be published from their approval on.
{missing}"""


def section(kept: Kept) -> str:
    """Return the part of the page."""
    notes = kept.notes
    return SECTION.format(
        circumstances=kept.circumstances.told,
        rows=notes["rows"],
        parts=notes["parts"],
        comparisons="\n".join(_comparisons(kept.comparisons)),
        figures="\n".join(_figures(kept.figures)),
        watched=notes["watched_minutes"],
        mixed=notes["mixed_seconds"],
        latencies="\n".join(_latencies(notes["latencies"])),
        sizes="\n".join(_sizes(notes["sizes"])),
        filling=notes["filling_seconds"],
        missing="\n".join(_missing(kept.missing)),
    )


def charts(kept: Kept) -> Mapping[str, str]:
    """Return the chart of rates, as SVG, by its file's name."""
    bars: dict[str, list[tuple[str, float]]] = {}
    for what, name, rate, *_ in kept.notes["latencies"]:
        if what in QUESTIONS:
            bars.setdefault(SHORT[what], []).append((name, rate))
    return {CHART: svg("Requests a second", bars, "/s")} if bars else {}


def _comparisons(measured: Sequence[Comparison]) -> Iterator[str]:
    yield "| what | opendata | beside | times as fast | 95 % interval | goal | |"
    yield "|---|---|---|---|---|---|---|"
    for each in measured:
        what = each.what if each.first == OURS else f"{each.what}: {each.first}"
        costs = f"{_cost(each, each.first_cost)} | {each.second}, {_cost(each, each.second_cost)}"
        goal = "" if each.least is None else f"≥ {each.least:.3g}"
        gain = f"{_gain(each.gain)} | {_between(each.interval)}"
        yield f"| {what} | {costs} | {gain} | {goal} | {_verdict(each.met)} |"


def _figures(measured: Sequence[Figure]) -> Iterator[str]:
    yield "| what | measured | 95 % interval | goal | |"
    yield "|---|---|---|---|---|"
    for each in measured:
        unit = f" {each.unit}" if each.unit else ""
        goal = "" if each.most is None else f"≤ {each.most:g}{unit}"
        between = _between(each.interval) if each.interval else ""
        value = f"{each.value:.3g}{unit}"
        yield f"| {each.what} | {value} | {between} | {goal} | {_verdict(each.met)} |"


def _latencies(measured: Sequence[Sequence[str | float]]) -> Iterator[str]:
    yield "| what | who | requests a second | p50 | p99 |"
    yield "|---|---|---|---|---|"
    for what, name, rate, middle, late in measured:
        yield f"| {what} | {name} | {rate:,.0f} | {middle:,.1f} ms | {late:,.1f} ms |"


def _sizes(measured: Mapping[str, int]) -> Iterator[str]:
    yield "| what | size |"
    yield "|---|---|"
    for what, size in measured.items():
        yield f"| {what} | {size / MIB:,.0f} MiB |"


def _missing(reasons: Sequence[str]) -> Iterator[str]:
    if reasons:
        yield "\n### Not measured\n"
    for each in reasons:
        said = " ".join(each.split())
        yield f"- {said[:400]}"


def _cost(each: Comparison, cost: float) -> str:
    if each.rates:
        return f"{1 / cost:,.0f}/s"
    return f"{cost:.2f} s" if cost >= 1 else f"{1e3 * cost:.3g} ms"


def _gain(gain: float) -> str:
    return f"{gain:,.0f}" if gain >= 100 else f"{gain:.3g}"


def _between(interval: Interval | None) -> str:
    return "too few rounds" if interval is None else " to ".join(map(_gain, interval))


def _verdict(met: bool | None) -> str:
    return {None: "", True: "met", False: "**missed**"}[met]
