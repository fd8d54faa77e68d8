"""The page: both halves, each with the day on which it was measured, written whole each time.

``python -m benchmarks.results`` writes it from what is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import judged
from benchmarks.kept import Kept
from benchmarks.queries import page as read

PAGE = """# Results

Written by `make bench`, which measures both halves below; `make bench ARGS=queries` and
`make bench ARGS=validation` measure one of them anew. In each round the ways of doing a thing take
turns, after a round to warm up; times are medians. A gain is the median of the rounds' gains, with
a 95 % interval that supposes nothing about their distribution; if it holds 1, neither is faster.
"""


@dataclass(frozen=True, slots=True)
class Half:
    """One half: how it is told, from what is kept of it."""

    section: Callable[[Kept], str]
    charts: Callable[[Kept], Mapping[str, str]]


HALVES = {
    "queries": Half(read.section, read.charts),
    "validation": Half(judged.section, judged.charts),
}


def write(folder: Path) -> str:
    """Write page and charts from what is kept in ``folder``, and return the page."""
    sections = [PAGE]
    for name, half in HALVES.items():
        path = folder / f"{name}.json"
        if not path.exists():
            continue
        kept = Kept.read(path)
        sections.append(half.section(kept))
        for chart, drawing in half.charts(kept).items():
            (folder / chart).write_text(drawing, encoding="utf-8")
    page = "\n".join(sections)
    (folder / "RESULTS.md").write_text(page, encoding="utf-8")
    return page


if __name__ == "__main__":
    write(Path(__file__).parent)
