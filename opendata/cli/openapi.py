"""``opendata openapi``: the API's description as a file, and whether the file is up to date."""

import sys
import tempfile
from pathlib import Path

import click

from opendata.app import create_app, described_by
from opendata.runtime import initialise
from opendata.settings import Settings
from opendata.web.json import to_bytes


@click.command()
@click.option(
    "--check",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    is_flag=False,
    flag_value="openapi/v1.json",
    help="Exit 1 if FILE differs from what the code generates.  [openapi/v1.json]",
)
def openapi(file: Path | None) -> None:
    """Print the OpenAPI document of the API, version 1."""
    text = _document()
    if file is None:
        click.echo(text, nl=False)
    elif file.read_text("utf-8") != text:
        click.echo(f"{file} is stale; run: make openapi", err=True)
        sys.exit(1)


def _document() -> str:
    """Generate the document in a home of its own: it depends on the contracts alone."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"OPENDATA_HOME": folder})
        initialise(settings)
        return to_bytes(described_by(create_app(settings)), indent=True).decode() + "\n"
