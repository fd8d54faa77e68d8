"""``opendata requests``: requests for information (依申请公开)."""

import click

from opendata.cli.deferred import Deferred, DeferringGroup


@click.group(cls=DeferringGroup)
def requests() -> None:
    """依申请公开 Requests for information."""


# Its name is a word of Python's own, so that nothing in a module can be called so.
requests.add_command(
    Deferred(
        "import_ledger",
        "opendata.cli.ledger",
        "Send in an agency's own ledger; exit 1 if it is not valid, 2 if it was not taken.",
    ),
    "import",
)
requests.add_command(
    Deferred("template", "opendata.cli.ledger", "Print the header of a ledger, to be filled in.")
)
