"""What our reading and judging of a submission costs, beside Frictionless alone."""

import csv
from copy import deepcopy
from pathlib import Path

from frictionless import Checklist, Resource, Schema

from benchmarks.measure import Paired, paired
from opendata.tabular.context import Context
from opendata.tabular.contract import load
from opendata.tabular.judge import judge
from opendata.tabular.readers import read

TREE = Path(__file__).parents[1]
COLLECTION = TREE / "schemas" / "budgets" / "v1"
SAMPLE = TREE / "datasets" / "budgets-2020" / "data.csv"
UNLIMITED = 10**9
NUMBERED = "line_no"  # The part of the primary key that makes a repeated row another record.


def validation(folder: Path, rows: int, rounds: int, *, cautions: bool) -> Paired:
    """Time the validation of ``rows`` valid rows made of a real dataset's.

    We always look for cautions; Frictionless does so only with ``cautions``, and then finds the
    same: every row of the sample lacks something that ought to be there.
    """
    table = folder / "table.csv"
    publishers = _repeat(SAMPLE, table, rows)
    contract = load(COLLECTION)
    context = Context(publishers=publishers, period="2020")
    checks = [*contract.checklist["checks"], *(contract.cautions["checks"] if cautions else ())]

    def ours() -> None:
        verdict = judge(read(table, contract, folder / "canonical.csv"), contract, context)
        _check(as_meant=verdict.valid)

    def theirs() -> None:
        resource = Resource(
            path=table.name,
            basepath=str(folder),
            encoding="utf-8",
            schema=Schema.from_descriptor(deepcopy(dict(contract.table_schema))),
        )
        checklist = Checklist.from_descriptor({"checks": deepcopy(checks)})
        report = resource.validate(checklist, limit_errors=UNLIMITED)
        _check(as_meant=report.valid is not cautions)

    return paired(ours, theirs, rounds)


def _repeat(source: Path, target: Path, rows: int) -> frozenset[str]:
    """Write ``rows`` rows cycled from ``source``, numbered anew; return who published them."""
    with source.open(encoding="utf-8", newline="") as file:
        sample = list(csv.DictReader(file))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sample[0], lineterminator="\n")
        writer.writeheader()
        for number in range(rows):
            writer.writerow({**sample[number % len(sample)], NUMBERED: number + 1})
    return frozenset(row["publisher_name"] for row in sample)


def _check(*, as_meant: bool) -> None:
    """A verdict on another table than the one meant is no measurement."""
    if not as_meant:
        message = "the benchmark's table is not judged as it should be; try opendata validate"
        raise RuntimeError(message)
