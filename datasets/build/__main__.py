"""``python -m datasets.build`` writes every package anew; the same sources give the same bytes."""

from pathlib import Path

from datasets.build import (
    approvals,
    budgets,
    formats,
    inspections,
    obligations,
    penalties,
    statistics,
)
from datasets.build.package import write

HERE = Path(__file__).parents[1]


def build(target: Path) -> None:
    """Write all packages as folders of ``target``, and ``formats/`` beside them."""
    for source in (budgets, approvals, statistics, penalties, obligations, inspections):
        for package in source.packages(HERE / "sources"):
            write(package, HERE.parent / "schemas", target)
    formats.write_all(target)


if __name__ == "__main__":
    build(HERE)
