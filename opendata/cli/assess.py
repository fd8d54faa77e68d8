"""``opendata assess``: a scheme tried on the facts, or only read; nothing is recorded."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import orjson

from opendata.cli.output import write_json
from opendata.domain.assessment.points import Outcome
from opendata.domain.assessment.schemes import Scheme
from opendata.domain.values import decimal_text
from opendata.runtime import Runtime
from opendata.settings import Settings
from opendata.stages import assessment
from opendata.stages.comply import Sources
from opendata.stages.schemes import Declared, declared_in, load, no_such_scheme


@click.command()
@click.option("--scheme", required=True, help="A file (.toml), or the id of a declared scheme.")
@click.option("--agency", help="The agency to assess; without it the scheme is only read.")
@click.option("--period", help="A period that is over: 2025, 2025H1, 2025Q1 or 2025-01.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def assess(
    environment: Mapping[str, str],
    scheme: str,
    agency: str | None,
    period: str | None,
    *,
    as_json: bool,
) -> None:
    """Try a scheme of assessment on an agency, point by point, or only read it.

    Nothing is recorded: an assessment that counts is made by a supervisor over the API. Exit 0 if
    it could be done, 2 if not: then every fault of the file is told, with its place.
    """
    settings = Settings.from_environment(environment)
    declared = _declared(settings, scheme)
    if agency is None or period is None:
        if agency != period:
            raise click.UsageError("--agency 与 --period 须一并写明。They go together.")
        _tell(declared.scheme)
        return
    held = Runtime.of(settings)
    sources = Sources(held.home, held.contracts, held.rules)
    found = assessment.computed(sources, assessment.Asked(agency, declared, period), held.now())
    if as_json:
        write_json(orjson.loads(found.content))
    else:
        click.echo("\n".join(_lines(found.outcome)))


def _declared(settings: Settings, name: str) -> Declared:
    if name.endswith(".toml"):
        try:
            return load(Path(name))
        except OSError as error:
            raise click.BadParameter(f"{name}: {error.strerror}", param_hint="--scheme") from error
    known = declared_in(settings.assessments)
    if name not in known:
        raise no_such_scheme(name, known)
    return known[name]


def _tell(scheme: Scheme) -> None:
    click.echo(f"{scheme.id}  {scheme.title.zh}  {scheme.title.en}  sha256:{scheme.sha256}")
    for each in scheme.indicators:
        weight = decimal_text(each.weight)
        click.echo(f"  {weight:>5}  {each.id}  {each.title.zh}  {each.measure}")


def _lines(outcome: Outcome) -> Iterator[str]:
    yield (f"{decimal_text(outcome.score)} 分  {outcome.grade.title.zh}  {outcome.grade.title.en}")
    for each in outcome.points:
        points = "—" if each.points is None else decimal_text(each.points)
        own = each.indicator
        yield f"  {points:>5}  {own.id}  {own.title.zh}  {each.explanation.zh}"
