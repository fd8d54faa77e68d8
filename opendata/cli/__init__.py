"""The command line: ``opendata``; configuration comes from ``OPENDATA_*`` alone."""

import os
import sys

import click

from opendata import __version__
from opendata.cli import contract, openapi, people, push, serve, validate
from opendata.domain.errors import Refusal
from opendata.runtime import NotInitialised
from opendata.settings import BadSetting

UNUSABLE = 2


class Commands(click.Group):
    """The commands, with refusals told in both languages instead of a stack trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a refusal ends it with status 2."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(f"{refusal.detail.zh}\n{refusal.detail.en}", err=True)
            for each in refusal.faults:
                click.echo(f"  {each.pointer}  {each.detail.zh}  {each.detail.en}", err=True)
        except (NotInitialised, BadSetting) as error:
            click.echo(str(error), err=True)
        sys.exit(UNUSABLE)


@click.group(cls=Commands)
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context) -> None:
    """政府信息公开数据平台 Publish what the law makes public, and read it."""
    # What the platform writes is its owner's alone: it holds what is not public.
    os.umask(0o077)
    context.obj = os.environ


for command in (
    serve.serve,
    serve.work,
    serve.init,
    people.person,
    people.agency,
    people.key,
    push.push,
    validate.validate,
    contract.contract,
    openapi.openapi,
):
    main.add_command(command)
