"""Commands: what ``--help`` says, on a page."""

import inspect
from collections.abc import Iterator

import click

from docs.build.markdown import code, table
from opendata.cli import main
from opendata.cli.deferred import Deferred


def commands() -> Iterator[str]:
    """Yield a section for each command."""
    for path, command in all_commands():
        yield f"### {code(path)}"
        yield ""
        yield inspect.cleandoc(command.help or "")
        yield ""
        rows = [_parameter(each) for each in command.params]
        if rows:
            yield from table(["argument or option", "meaning", "default"], rows)
            yield ""


def all_commands() -> list[tuple[str, click.Command]]:
    """Return every command that does something, under the words that call it."""
    return sorted(_below("opendata", main))


def _below(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, Deferred):
        command = command.load()
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from _below(f"{path} {name}", each)
    else:
        yield path, command


def _parameter(each: click.Parameter) -> tuple[str, str, str]:
    if isinstance(each, click.Argument):
        return code(each.make_metavar(click.Context(click.Command("")))), "", _needed(each)
    assert isinstance(each, click.Option)  # noqa: S101 - click knows no third kind.
    names = ", ".join(map(code, each.opts))
    if not each.is_flag:
        names += f" {code(each.make_metavar(click.Context(click.Command(''))))}"
    variable = f" Also {code(str(each.envvar))}." if each.envvar else ""
    return names, (each.help or "") + variable, _needed(each)


def _needed(each: click.Parameter) -> str:
    if each.required:
        return "required"
    if getattr(each, "is_flag", False) or each.default in (None, ""):
        return ""
    return "" if not isinstance(each.default, str | int) else code(str(each.default))
