"""``opendata key``: what lets a person act over HTTP, made and ended by the operator."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from opendata.cli.output import write_lines
from opendata.domain.keys import USUAL_OVERLAP, read_term
from opendata.domain.people import Role
from opendata.runtime import Runtime
from opendata.settings import Settings
from opendata.stages import access, keys
from opendata.stages.catalogue import contract_of
from opendata.stages.keys import Key

HEADINGS = ("id", "role", "agency", "collections", "person", "created", "last used", "ends")


class Term(click.ParamType[timedelta]):
    """A number of days, hours or minutes, up to thirty days: ``7d``, ``12h``, ``30m``."""

    name = "term"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read it."""
        found = value if isinstance(value, timedelta) else read_term(value)
        if found is None:
            self.fail(f"{value!r} is none of 7d, 12h, 30m, or more than 30d.", param, ctx)
        return found


def _runtime(environment: Mapping[str, str]) -> Runtime:
    return Runtime.of(Settings.from_environment(environment))


@click.group()
def key() -> None:
    """密钥 Keys, each one role of one person."""


@key.command("create")
@click.option("--person", "who", required=True, help="Id of the person, or their name.")
@click.option("--role", type=click.Choice([each.value for each in Role]), required=True)
@click.option("--agency", "slug", required=True, help="Id of the agency, or * for every one.")
@click.option(
    "--collection", "collections", multiple=True, help="What it is good for; again for more. [all]"
)
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="First day it is void (UTC).")
@click.pass_obj
def create_key(  # noqa: PLR0913 - click hands over one argument for each option.
    environment: Mapping[str, str],
    who: str,
    role: str,
    slug: str,
    collections: tuple[str, ...],
    expires: datetime | None,
) -> None:
    """Create a key and print it; it is shown this once."""
    runtime = _runtime(environment)
    for each in collections:
        contract_of(runtime.contracts, each)
    terms = access.KeyTerms(
        Role(role),
        slug,
        expires_at=None if expires is None else expires.replace(tzinfo=UTC),
        collections=frozenset(collections) or None,
    )
    with runtime.home.database.begin() as session:
        person_id = access.find_person(session, who)
        click.echo(access.create_key(session, person_id, terms, runtime.now()))


@key.command("revoke")
@click.argument("secret_or_id")
@click.option("--keep-successors", is_flag=True, help="Leave those that were made in its place.")
@click.pass_obj
def revoke_key(environment: Mapping[str, str], secret_or_id: str, *, keep_successors: bool) -> None:
    """End a key at once, named by itself or by its id, and those that were made in its place."""
    runtime = _runtime(environment)
    with runtime.home.database.begin() as session:
        ended = access.revoke_key(
            session, secret_or_id, runtime.now(), keep_successors=keep_successors
        )
    for each in ended:
        click.echo(each)


@key.command("rotate")
@click.argument("secret_or_id")
@click.option(
    "--overlap",
    type=Term(),
    default=USUAL_OVERLAP,
    show_default="7d",
    help="For how long the key goes on beside the new one: 7d, 12h, 30m.",
)
@click.pass_obj
def rotate_key(environment: Mapping[str, str], secret_or_id: str, overlap: timedelta) -> None:
    """Make a key on the same terms and print it; it is shown this once."""
    runtime = _runtime(environment)
    with runtime.home.database.begin() as session:
        key_id = access.find_key(session, secret_or_id)
        made = keys.rotate(session, key_id, overlap, runtime.now())
    click.echo(made.secret)
    click.echo(f"{made.previous.id} 失效于 ends {_moment(made.previous.ends_at)}", err=True)


@key.command("list")
@click.option("--person", "who", help="Id of a person, or their name.")
@click.option("--agency", "slug", help="Id of an agency, or * for keys for every one.")
@click.pass_obj
def list_keys(environment: Mapping[str, str], who: str | None, slug: str | None) -> None:
    """List keys, those that ended too, as lines of tab-separated columns."""
    runtime = _runtime(environment)
    with runtime.home.database.read() as session:
        person_id = None if who is None else access.find_person(session, who)
        found = keys.keys(session, person_id=person_id, agency=slug)
    write_lines(["\t".join(HEADINGS), *("\t".join(_told(each)) for each in found)])


def _told(each: Key) -> Iterator[str]:
    yield str(each.id)
    yield each.role
    yield each.agency
    yield "*" if each.collections is None else ",".join(sorted(each.collections))
    yield each.person
    yield _moment(each.created_at)
    yield _moment(each.last_used_at)
    yield _moment(each.counts_until)


def _moment(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
