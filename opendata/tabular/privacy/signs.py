"""What the close look tells of one text."""

from typing import NamedTuple

from opendata.domain.privacy import Kind


class Sign(NamedTuple):
    """One sign of an identifier; ``strong``: no mere likeness.

    A number that has the shape of one and is none is told as ``failed``: a bank card's with a wrong
    check digit, 15 digits without a county and a birthday.
    """

    kind: Kind
    strong: bool
    failed: bool = False
