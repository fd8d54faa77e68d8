"""``opendata contract try``: what a changed contract would do to everything that is published."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from opendata.domain.contracts import Contract
from opendata.runtime import Runtime
from opendata.settings import Settings
from opendata.stages import trial as stage
from opendata.stages.trial import NewFailure, Outcome, Trial
from opendata.tabular.contract import load, packaged_schemas

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_INDENT = "    "
MAX_ROWS_SHOWN = 5


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Write what was found as JSON.")
@click.pass_obj
def trial(environment: Mapping[str, str], folder: Path, as_json: bool) -> None:
    """Try a changed contract on every release; exit 0 if all stay valid, 1 if not, 2 if unusable.

    FOLDER is the changed contract (…/budgets/v2, anywhere). Every file that was published in its
    collection, here in OPENDATA_HOME, is judged by it, and what the contract of its time did not
    find is told. Nothing is recorded.

    用改动后的数据规范重新校验该类别已发布的全部文件：全部仍合格返回 0，有新的错误返回 1，
    数据规范无法使用返回 2。
    """
    runtime = Runtime.of(Settings.from_environment(environment))
    changed = load(folder.resolve())
    known = _known(runtime.settings, changed.collection)
    found = []
    for each in stage.trials(runtime.home, runtime.contracts, known, changed):
        found.append(each)
        if not as_json:
            click.echo("\n".join(_lines(each)))
    newly = sum(each.outcome is Outcome.FAILS for each in found)
    if as_json:
        click.echo(json.dumps(_body(changed, found), ensure_ascii=False, indent=2))
    else:
        said = (
            f"{len(found)} 个版本，{newly} 个不再合格 {len(found)} releases, {newly} newly invalid"
        )
        click.echo(f"{changed.name}  {said}")
    raise SystemExit(1 if newly else 0)


def _known(settings: Settings, collection: str) -> dict[str, Contract]:
    """Return every version of a collection's contract by name; an operator's own come last."""
    roots = [packaged_schemas(), *([settings.schemas] if settings.schemas else [])]
    folders = [each for root in roots for each in sorted((root / collection).glob("v[0-9]*"))]
    return {each.name: each for each in map(load, folders)}


def _lines(each: Trial) -> Iterator[str]:
    label = each.outcome.label
    current = "，当前版本 current" if each.current else ""
    yield (
        f"{label.zh} {label.en}  {each.dataset.id} 第 {each.release} 版 release {each.release}"
        f"{current}  {each.dataset.agency.id}  {each.rows} 行 rows  {each.contract}"
    )
    if each.failures and not each.compared:
        yield _INDENT + f"没有 {each.contract} 可对照 There is no {each.contract} to compare with"
    for failure in each.failures:
        yield _INDENT + _told(failure)


def _told(found: NewFailure) -> str:
    where = [part for part in found.failure if part]
    rows = ", ".join(map(str, found.rows[:MAX_ROWS_SHOWN]))
    more = " …" if found.count > MAX_ROWS_SHOWN else ""
    return "  ".join(where) + f"  × {found.count}" + (f"  行序 rows: {rows}{more}" if rows else "")


def _body(changed: Contract, found: list[Trial]) -> dict[str, Any]:
    return {
        "contract": {"name": changed.name, "digest": changed.digest},
        "valid": all(each.outcome is not Outcome.FAILS for each in found),
        "counts": {each.value: sum(trial.outcome is each for trial in found) for each in Outcome},
        "releases": [_release(each) for each in found],
    }


def _release(each: Trial) -> dict[str, Any]:
    return {
        "dataset": each.dataset.id,
        "agency": each.dataset.agency.id,
        "agency_name": each.dataset.agency.name._asdict(),
        "release": each.release,
        "current": each.current,
        "rows": each.rows,
        "contract": each.contract,
        "compared": each.compared,
        "outcome": each.outcome.value,
        "newly_failing": [
            {**failure.failure._asdict(), "count": failure.count, "rows": list(failure.rows)}
            for failure in each.failures
        ],
    }
