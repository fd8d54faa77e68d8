"""``opendata person|agency``: who may act, entered by the operator on the machine itself."""

from collections.abc import Mapping

import click

from opendata.domain.catalogue import Agency
from opendata.domain.errors import Text
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


@person.command("leave")
@click.argument("who")
@click.pass_obj
def leave(environment: Mapping[str, str], who: str) -> None:
    """End every key of a person who leaves, named by id or name, and print their id.

    What they said before stays as it is, with their name; no key is made for them again.
    """
    runtime = _runtime(environment)
    with runtime.home.database.begin() as session:
        person_id = access.find_person(session, who)
        access.leave(session, person_id, runtime.now())
    click.echo(person_id)


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
