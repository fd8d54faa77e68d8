"""``opendata person|agency|key``: who may act, entered by the operator on the machine itself."""

from collections.abc import Mapping
from datetime import UTC, datetime

import click

from opendata.domain.catalogue import Agency
from opendata.domain.errors import Text
from opendata.domain.people import Role
from opendata.runtime import Runtime
from opendata.settings import Settings
from opendata.stages import access


def _runtime(environment: Mapping[str, str]) -> Runtime:
    return Runtime.of(Settings.from_environment(environment))


@click.group()
def person() -> None:
    """人员 Persons, who can be answerable."""


@person.command("add")
@click.argument("name")
@click.pass_obj
def add_person(environment: Mapping[str, str], name: str) -> None:
    """Add a person and print their id."""
    runtime = _runtime(environment)
    with runtime.home.database.begin() as session:
        click.echo(access.add_person(session, name, runtime.now()))


@click.group()
def agency() -> None:
    """公开主体 Agencies, which publish."""


@agency.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="Chinese name, as rows carry it.")
@click.option("--name-en", default="", help="English name.")
@click.option("--uscc", help="统一社会信用代码, where known.")
@click.option("--region-code", help="行政区划代码, six digits.")
@click.pass_obj
def add_agency(  # noqa: PLR0913 - click hands over one argument for each option.
    environment: Mapping[str, str],
    slug: str,
    name: str,
    name_en: str,
    uscc: str | None,
    region_code: str | None,
) -> None:
    """Add an agency under the id SLUG."""
    runtime = _runtime(environment)
    wanted = Agency(slug, Text(name, name_en), uscc, region_code)
    with runtime.home.database.begin() as session:
        access.add_agency(session, wanted, runtime.now())
    click.echo(slug)


@click.group()
def key() -> None:
    """密钥 Keys, each one role of one person."""


@key.command("create")
@click.option("--person", "who", required=True, help="Id of the person, or their name.")
@click.option("--role", type=click.Choice([each.value for each in Role]), required=True)
@click.option("--agency", "slug", required=True, help="Id of the agency, or * for every one.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="First day it is void (UTC).")
@click.pass_obj
def create_key(
    environment: Mapping[str, str], who: str, role: str, slug: str, expires: datetime | None
) -> None:
    """Create a key and print it; it is shown this once."""
    runtime = _runtime(environment)
    until = None if expires is None else expires.replace(tzinfo=UTC)
    terms = access.KeyTerms(Role(role), slug, expires_at=until)
    with runtime.home.database.begin() as session:
        person_id = access.find_person(session, who)
        click.echo(access.create_key(session, person_id, terms, runtime.now()))


@key.command("revoke")
@click.argument("secret_or_id")
@click.pass_obj
def revoke_key(environment: Mapping[str, str], secret_or_id: str) -> None:
    """End a key, named by itself or by its id."""
    runtime = _runtime(environment)
    with runtime.home.database.begin() as session:
        click.echo(access.revoke_key(session, secret_or_id, runtime.now()))
