"""Texts that stand for themselves: what is said of a file, or of a dataset."""

from collections.abc import Mapping

from opendata.domain.privacy import Kind
from opendata.tabular.privacy.markings import is_marked_title
from opendata.tabular.privacy.scanning import signs_in


def kinds_in(text: str, *, is_title: bool = False) -> Mapping[Kind, bool]:
    """Return what a text holds; each kind with whether that is more than a likeness.

    >>> dict(kinds_in("机密★10年"))
    {<Kind.MARKING: 'classification-marking'>: True}
    """
    found: dict[Kind, bool] = {}
    for sign in signs_in(text):
        if not sign.failed:
            found[sign.kind] = found.get(sign.kind, False) or sign.strong
    if is_title and is_marked_title(text):
        found[Kind.MARKING] = True
    return found
