"""What goes wrong while a table is judged is told as what it is."""

from collections.abc import Generator
from pathlib import Path
from threading import Event

import pytest

from opendata.domain.contracts import Contract
from opendata.tabular.judge import Means, judge
from opendata.tabular.readers import OpenTable, open_table
from opendata.tabular.scan import Block
from tests.tabular.conftest import csv_text


def test_a_full_disk_is_not_taken_for_a_fault_of_the_file(
    contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "received.csv").write_text(csv_text({}), encoding="utf-8")
    table = open_table(tmp_path / "received.csv", contract, tmp_path / "canonical.csv")
    failed = Event()
    read_on = OpenTable.blocks

    def blocks(self: OpenTable) -> Generator[Block, None, None]:
        yield from read_on(self)
        # The next block is being read while the trouble with this one is met.
        failed.wait()
        for _ in range(200_000):
            failed.is_set()

    def full(_: int) -> None:
        failed.set()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(OpenTable, "blocks", blocks)

    with pytest.raises(OSError, match="No space left"):
        judge(table, contract, None, Means(progress=full))
