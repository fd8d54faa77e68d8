"""``opendata contract``: look at contracts before anything is published by them."""

from pathlib import Path

import click

from opendata.cli.deferred import Deferred, DeferringGroup
from opendata.cli.findings import refusal_lines
from opendata.tabular.contract import UnusableContract, load, packaged_schemas

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(cls=DeferringGroup)
def contract() -> None:
    """Work on contracts (数据规范)."""


# Its name is a word of Python's own, so that nothing in a module can be called so.
contract.add_command(
    Deferred(
        "trial",
        "opendata.cli.trial",
        "Try a changed contract on every release; exit 0 if all stay valid, 1 if not, 2 if "
        "unusable.",
    ),
    "try",
)


@contract.command()
@click.argument("folders", nargs=-1, type=_FOLDER)
def check(folders: tuple[Path, ...]) -> None:
    """Check contracts; exit 0 if all can be used, 2 if one cannot.

    FOLDERS are contracts (schemas/budgets/v1) or folders of them; without any, those that ship.
    检查数据规范：全部可用返回 0，否则返回 2。
    """
    unusable = 0
    for folder in _versions(folders or (packaged_schemas(),)):
        try:
            found = load(folder)
        except UnusableContract as refusal:
            unusable += 1
            click.echo("\n".join(refusal_lines(refusal)), err=True)
        else:
            click.echo(f"可用 OK  {found.name}  {found.digest}")
    raise SystemExit(2 if unusable else 0)


def _versions(folders: tuple[Path, ...]) -> list[Path]:
    """Return the contracts' own folders, sorted: those that hold, or should hold, the files."""
    found: set[Path] = set()
    for folder in folders:
        inside = {each.parent for each in folder.resolve().rglob("table-schema.json")}
        found |= inside or {folder.resolve()}
    return sorted(found)
