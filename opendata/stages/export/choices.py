"""Choices: which form an exported file has, and how it is to look."""

from collections.abc import Mapping
from dataclasses import dataclass

from opendata.domain.contracts import Contract
from opendata.tabular.export import WRITERS, Layout

FORMATS = tuple(WRITERS)


@dataclass(frozen=True, slots=True)
class Choices:
    """How an exported file is to look; see ``Layout``."""

    format: str
    use_labels: bool = False
    with_bom: bool = False
    delimiter: str = ","

    @property
    def is_rendered(self) -> bool:
        """Whether its lines stand as they are in the files of the releases."""
        plain = not self.use_labels and self.delimiter == ","
        return self.format == "ndjson" or (self.format == "csv" and plain)

    def layout(
        self, contract: Contract, columns: tuple[str, ...], notes: Mapping[str, str]
    ) -> Layout:
        """Return the layout of a file with these columns; see ``Layout``."""
        return Layout(
            contract,
            columns,
            use_labels=self.use_labels,
            with_bom=self.with_bom,
            delimiter=self.delimiter,
            notes=notes,
        )
