"""Headers: which column of the contract a label of a file means."""

from collections.abc import Mapping, Sequence

from opendata.domain.contracts import Contract


def known_names(contract: Contract) -> Mapping[str, str]:
    """Return what a header cell may say: machine names and Chinese titles, to machine names."""
    titles = {field.title.zh.strip(): field.name for field in contract.fields}
    return titles | {field.name: field.name for field in contract.fields}


def matched(labels: Sequence[str], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return each label with the name it means, or itself where the contract knows none."""
    return tuple((label, names.get(label.strip(), label)) for label in labels)
