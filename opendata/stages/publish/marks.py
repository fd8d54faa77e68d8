"""Marks: the steps at which a test stops a worker, as if the machine had lost its power."""

from collections.abc import Callable

# Called with the name of each step once it is done.
Mark = Callable[[str], None]


def unmarked(_step: str) -> None:
    """Do nothing at a step."""
