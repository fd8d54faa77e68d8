"""The command line: ``opendata``; configuration comes from ``OPENDATA_*`` alone."""

import os
import sys

import click

from opendata import __version__
from opendata.cli.deferred import Deferred, DeferringGroup
from opendata.domain.errors import Refusal
from opendata.settings import BadSetting, NotInitialised

UNUSABLE = 2
# Each command's module in this room, and the first sentence of its help.
COMMANDS = (
    ("serve", "serve", "Run the platform: web server and worker."),
    ("work", "serve", "Run one worker: it validates, publishes and prepares editions."),
    ("init", "serve", "Set up OPENDATA_HOME: folders, secrets, tables."),
    (
        "clock",
        "serve",
        "Show the clock of an exercise, or move it on to INSTANT, such as 2025-04-01T09:00.",
    ),
    ("person", "people", "人员 Persons, who can be answerable."),
    ("agency", "people", "公开主体 Agencies, which publish."),
    ("key", "keys", "密钥 Keys, each one role of one person."),
    ("signing-key", "signing_key", "签名密钥 The key with which manifests are signed."),
    ("push", "push", "Send FILE in for a dataset; exit 1 if it is invalid, 2 if it was not taken."),
    (
        "validate",
        "validate",
        "Judge FILE; exit 0 if it is valid, 1 if it is not, 2 if it cannot be judged.",
    ),
    (
        "erase",
        "erase",
        "Erase the received file of SUBMISSION and its report, here in OPENDATA_HOME, for good.",
    ),
    (
        "verify",
        "verify",
        "Verify what was published; exit 0 if it fits, 1 if not, 2 if it cannot be checked.",
    ),
    (
        "due",
        "due",
        "Say by when RULE makes something due whose term runs from DATE, and how it is counted.",
    ),
    (
        "overdue",
        "overdue",
        "List what should have been disclosed and was not; exit 1 if there is anything, else 0.",
    ),
    (
        "annual-report",
        "annual_report",
        "Fetch an agency's annual report, or submit it; exit 2 if there is none, or it does not "
        "fit.",
    ),
    (
        "assess",
        "assess",
        "Try a scheme of assessment on an agency, point by point, or only read it.",
    ),
    ("requests", "asked", "依申请公开 Requests for information."),
    ("contract", "contract", "Work on contracts (数据规范)."),
    (
        "index",
        "index",
        "Complete the serving index, from which answers come fast, and say how large it is.",
    ),
    ("openapi", "openapi", "Print the OpenAPI document of the API, version 1."),
)


class Commands(DeferringGroup):
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


@click.group(
    cls=Commands,
    commands=[Deferred(name, f"{__name__}.{room}", told) for name, room, told in COMMANDS],
)
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context) -> None:
    """政府信息公开数据平台 Publish what the law makes public, and read it."""
    # What the platform writes is its owner's alone: it holds what is not public.
    os.umask(0o077)
    context.obj = os.environ
