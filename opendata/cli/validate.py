"""``opendata validate``: the platform's verdict without the platform."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import click
import orjson

from opendata.cli.findings import judgement_lines, refusal_body, refusal_lines
from opendata.cli.giving import Giving
from opendata.cli.output import progress_bar, write_json, write_lines
from opendata.domain.errors import NotFound, Refusal
from opendata.domain.findings import Judgement
from opendata.tabular.contract import latest, load, packaged_schemas
from opendata.tabular.foreign import judge_foreign
from opendata.tabular.judge import Engine, Means, judge
from opendata.tabular.ledgers import packaged_ledgers
from opendata.tabular.readers import Declared, open_table

# Where nothing is declared but the charset; what the file is, its content tells.
DEFAULT_TYPE = "application/octet-stream"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--collection", help="Judge by the contract of this collection (数据类别).")
@click.option("--schema", type=_FILE, help="Judge by this Table Schema instead.")
@click.option("--checklist", type=_FILE, help="With --schema: a Frictionless checklist.")
@click.option(
    "--schemas",
    type=_FOLDER,
    envvar="OPENDATA_SCHEMAS",
    help="A folder of contracts beside those that ship.  [$OPENDATA_SCHEMAS]",
)
@click.option(
    "--engine",
    type=click.Choice([each.value for each in Engine]),
    default=Engine.CERTIFY.value,
    show_default=True,
    help="Who reads the rows: Frictionless only those not proven clean, or all. One verdict.",
)
@click.option(
    "--charset", help="With --collection: what a text file is in, where its bytes do not tell."
)
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
@click.option(
    "--annotate", type=_OUT, help="With --collection: write the file with the findings marked."
)
@click.option("--html", type=_OUT, help="With --collection: write the report as a page.")
def validate(  # noqa: PLR0913 - click hands over one argument for each option.
    file: Path,
    collection: str | None,
    schema: Path | None,
    checklist: Path | None,
    schemas: Path | None,
    engine: str,
    charset: str | None,
    as_json: bool,
    annotate: Path | None,
    html: Path | None,
) -> None:
    """Judge FILE; exit 0 if it is valid, 1 if it is not, 2 if it cannot be judged.

    Needs neither a server nor a database.

    校验一个数据文件：合格返回 0，不合格返回 1，无法校验返回 2。
    """
    for_contracts = {"--charset": charset, "--annotate": annotate, "--html": html}
    _check_usage(collection, schema, checklist, for_contracts)
    declared = Declared(f"{DEFAULT_TYPE}; charset={charset}" if charset else "", file.name)
    with tempfile.TemporaryDirectory(prefix="opendata-validate-") as work:
        giving = Giving(file, declared, Path(work), annotate, html)
        try:
            with progress_bar(file.stat().st_size) as told:
                means = Means(Engine(engine), Path(work), told)
                judgement = (
                    judge_foreign(file, schema, checklist, means)
                    if schema is not None
                    else _judge_by(_contract_folder(str(collection), schemas), giving, means)
                )
        except Refusal as refusal:
            _refuse(refusal, as_json)
            giving.refused(refusal)
            raise SystemExit(2) from refusal
        _tell(judgement, file.name, as_json)
        giving.judged(judgement)
    raise SystemExit(0 if judgement.valid else 1)


def _check_usage(
    collection: str | None,
    schema: Path | None,
    checklist: Path | None,
    for_contracts: Mapping[str, object],
) -> None:
    """Refuse options that do not go together; those of ``for_contracts`` need a contract."""
    if (collection is None) == (schema is None):
        raise click.UsageError(
            "请指定 --collection 或 --schema 之一。 Give --collection or --schema."
        )
    if checklist is not None and schema is None:
        raise click.UsageError("--checklist 须与 --schema 一起使用。 --checklist needs --schema.")
    for name, given in for_contracts.items():
        if given is not None and collection is None:
            message = f"{name} 须与 --collection 一起使用。 {name} needs --collection."
            raise click.UsageError(message)


def _contract_folder(collection: str, schemas: Path | None) -> Path:
    own = [schemas] if schemas is not None else []
    known = latest(packaged_schemas(), packaged_ledgers(), *own)
    if collection not in known:
        names = ", ".join(known)
        raise NotFound(
            f"没有数据类别“{collection}”；现有：{names}",
            f'No collection "{collection}"; known: {names}',
        )
    return known[collection]


def _judge_by(folder: Path, giving: Giving, means: Means) -> Judgement:
    contract = giving.contract = load(folder)
    canonical = Path(str(means.folder)) / "table.csv"
    table = open_table(giving.file, contract, canonical, giving.declared)
    return judge(table, contract, None, means)


def _tell(judgement: Judgement, name: str, as_json: bool) -> None:
    if not as_json:
        write_lines(judgement_lines(judgement, name))
        return
    task, *others = judgement.outline["tasks"]
    errors = map(orjson.Fragment, judgement.errors.lines())
    write_json(
        {
            **judgement.outline,
            "tasks": [{**task, "errors": errors}, *others],
            "cautions": [each.as_dict() for each in judgement.cautions],
            "provenance": judgement.provenance,
        }
    )


def _refuse(refusal: Refusal, as_json: bool) -> None:
    if as_json:
        write_json(refusal_body(refusal))
    else:
        click.echo("\n".join(refusal_lines(refusal)), err=True)
