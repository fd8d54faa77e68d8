"""Measure both halves, or those that are named, and write RESULTS.md beside this file, with charts.

What is measured is kept as JSON beside the page, so that the other half of it stays as it was.
``--quick`` measures next to nothing, to see that measuring works; ``--into`` writes elsewhere.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import engines, results, sheets, validation, workbooks
from benchmarks.fresh import Fresh, fresh
from benchmarks.judged import Proof, Results
from benchmarks.kept import Kept
from benchmarks.queries import measuring, seen
from benchmarks.validation import Files


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: rows of the files, findings in the sheet, what Frictionless gets."""

    large: int
    bad: int
    middle: int
    small: int
    sheet: int
    findings: int
    times: int
    rounds: int


FULL = Size(
    large=1_000_000,
    bad=1_000_000,
    middle=20_000,
    small=1_000,
    sheet=100_000,
    findings=1_000,
    times=20,
    rounds=7,
)
QUICK = Size(large=400, bad=400, middle=200, small=100, sheet=100, findings=10, times=2, rounds=1)


def main() -> None:
    """Run the comparisons, say what came of them and keep it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("halves", nargs="*", metavar="half", help=" or ".join(results.HALVES))
    parser.add_argument("--quick", action="store_true", help="tiny files, to try the benchmarks")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, help="a folder")
    asked = parser.parse_args()
    unknown = set(asked.halves) - set(results.HALVES)
    if unknown:
        parser.error(f"no such half: {', '.join(sorted(unknown))}")
    for half in asked.halves or results.HALVES:
        for kept in _measure(half, quick=asked.quick):
            kept.write(asked.into / f"{half}.json")
            # Whatever comes of the rest, this is told.
            page = results.write(asked.into)
    print(page)


def _measure(half: str, *, quick: bool) -> Iterator[Kept]:
    with tempfile.TemporaryDirectory(prefix="opendata-bench-") as name:
        folder = Path(name)
        # PostgreSQL, as root started under an account of its own, must find its files.
        folder.chmod(0o755)
        if half == "queries":
            yield from measuring.measured(folder, seen.QUICK if quick else seen.FULL)
            return
        begun = time.perf_counter()
        found = _judged(folder, QUICK if quick else FULL)
        yield found.kept((time.perf_counter() - begun) / 60)


def _judged(folder: Path, size: Size) -> Results:
    clean = Files.write(folder, size.large, size.times)
    bad = Files.write(folder, size.bad, size.times, bad=0.01)
    small = Files.write(folder, size.small, 1)
    middle = Files.write(folder, size.middle, 1)
    names = {
        f"{size.large:,} rows, clean": clean,
        f"{size.bad:,} rows, 1 % of all cells bad": bad,
        f"{size.small:,} rows, clean": small,
    }
    names[f"{size.sheet:,} rows, clean, as XLSX"] = sheets.files(
        folder, size.sheet, max(size.times // 2, 2)
    )
    warm = {name: validation.warm(files, size.rounds) for name, files in names.items()}
    started = {
        f"{size.small:,} rows, clean": validation.started(small, size.rounds),
        f"{size.middle:,} rows, clean": validation.started(middle, size.rounds),
        f"{size.large:,} rows, clean": validation.begun(clean, size.rounds),
    }
    workbooks.write(folder / "sheet.xlsx", size.sheet)
    marking = workbooks.marking(folder / "sheet.xlsx", size.sheet, size.findings, size.rounds)
    return Results(
        rounds=size.rounds,
        marking={f"{size.findings:,} findings in {size.sheet:,} rows × 20": marking},
        times=size.times,
        warm=warm,
        started=started,
        whole=_whole(clean, bad, (f"{size.large:,} rows", f"{size.bad:,} rows")),
        proofs=_proofs(small.whole, clean.whole, size.rounds),
    )


def _whole(clean: Files, bad: Files, sizes: tuple[str, str]) -> Mapping[str, Fresh]:
    """Run the whole files once, in processes of their own: memory, and the honest minutes."""
    rows, wrong = sizes
    return {
        f"{rows}, clean: `opendata validate`": validation.command_line(clean.whole),
        f"{rows}, clean: Frictionless alone": validation.by_frictionless(clean.whole),
        f"{wrong}, 1 % bad: `opendata validate`": validation.command_line(bad.whole),
        f"{wrong}, 1 % bad: `opendata validate --json`": validation.command_line(
            bad.whole, "--json"
        ),
        f"{1 / bad.times:.0%} of these, 1 % bad: Frictionless alone": validation.by_frictionless(
            bad.part
        ),
    }


def _proofs(small: Path, whole: Path, rounds: int) -> Mapping[str, Proof]:
    """Let the candidate engines take turns."""
    taken: dict[str, list[tuple[Any, int]]] = {name: [] for name in engines.CANDIDATES}
    for _ in range(rounds):
        for name, runs in taken.items():
            done = fresh("-m", "benchmarks.engines", name, str(small), str(whole))
            runs.append((json.loads(done.said), done.peak_bytes))
    return {
        name: Proof(
            seconds=statistics.median(found["seconds"] for found, _ in seen),
            peak_bytes=max(peak for _, peak in seen),
            rows=seen[0][0]["rows"],
            wrong=seen[0][0]["wrong"],
            keys=seen[0][0]["keys"],
        )
        for name, seen in taken.items()
    }


if __name__ == "__main__":
    main()
