"""``opendata verify``: whether what is kept, downloaded or cited is what was published."""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn, TransferSpeedColumn

from opendata.cli.answers import visible
from opendata.cli.fetching import MANIFEST, OwnHost, Site
from opendata.cli.findings import refusal_body, refusal_lines
from opendata.cli.output import write_json
from opendata.domain.errors import Refusal
from opendata.runtime import Runtime
from opendata.settings import NotInitialised, Settings
from opendata.stages import verify as stage
from opendata.stages.verify import Inspection, Manifest, Misfit, Trust, Unusable

UNUSABLE, UNVERIFIED = 2, 3
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_INDENT = "    "
_LONGEST_LABEL = 60
_VERDICTS = {
    0: "相符 FITS",
    1: "不符 DOES NOT FIT",
    UNVERIFIED: "签名未核验 NOT VERIFIED",
}
COUNTED = {
    "audit lines": "日志行",
    "blobs": "文件库对象",
    "erased": "已删除",
    "facts": "事实",
    "files": "文件",
    "lake files": "湖文件",
    "links": "前后相接",
    "manifests": "清单",
    "releases": "版本",
    "rows": "记录",
    "signatures": "签名",
    "unsigned releases": "未签名的早期版本",
}


@click.command()
@click.argument("what", required=False, metavar="[URL|DIR]")
@click.option("--proof", type=_FILE, help="Check this proof of one record instead.")
@click.option(
    "--keys", type=_FILE, help="Public keys (a JWK Set) that count, whatever comes along."
)
@click.option("--json", "as_json", is_flag=True, help="Write what was found as JSON.")
@click.pass_obj
def verify(
    environment: Mapping[str, str],
    what: str | None,
    proof: Path | None,
    keys: Path | None,
    as_json: bool,
) -> None:
    """Verify what was published; exit 0 if it fits, 1 if not, 2 if it cannot be checked.

    Exit status 3: all of it fits, but there was no key that could show who signed it.

    DIR is a platform's home (its log, facts, vault and lake are compared with each other), or a
    folder with the downloaded files of one release, manifest.json among them. URL is a platform,
    or a release's address: its files are fetched and checked here. Without either it is
    OPENDATA_HOME.

    核验已发布的内容：全部相符返回 0，有不符之处返回 1，无法核验返回 2，
    相符但没有公钥可核验签名返回 3。
    """
    if proof is not None and what is not None:
        raise click.UsageError("--proof 不与 URL 或 DIR 同用。 --proof goes without URL or DIR.")
    try:
        with _watching() as watch:
            inspection = Inspection(watch)
            trust = (
                None if keys is None else Trust(stage.keys_of(keys.read_bytes(), str(keys)), True)
            )
            about = _checked(environment, what, proof, trust, inspection)
    except Refusal as refusal:
        if as_json:
            write_json(refusal_body(refusal))
        else:
            click.echo("\n".join(map(visible, refusal_lines(refusal))), err=True)
        raise SystemExit(UNUSABLE) from refusal
    name = str(proof or about.pop("what"))
    if as_json:
        write_json({"what": name, **about, **inspection.as_dict()})
    else:
        click.echo("\n".join(map(visible, _lines(name, about, inspection))))
    raise SystemExit(_status(inspection))


def _status(inspection: Inspection) -> int:
    if not inspection.fits:
        return 1
    return 0 if inspection.verified else UNVERIFIED


def _checked(
    environment: Mapping[str, str],
    what: str | None,
    proof: Path | None,
    trust: Trust | None,
    inspection: Inspection,
) -> dict[str, Any]:
    """Check what is asked for; return what is said of it besides what was found."""
    if proof is not None:
        manifest = stage.check_proof(proof.read_bytes(), trust, inspection)
        return {} if manifest is None else _about(manifest)
    if what is not None and what.startswith(("http://", "https://")):
        _check_site(Site.of(what), trust, inspection)
        return {"what": what}
    folder = None if what is None else Path(what)
    if folder is not None and (folder / MANIFEST).is_file():
        manifest = stage.check_folder(folder, trust, inspection)
        return {"what": what, **({} if manifest is None else _about(manifest))}
    return {"what": str(_check_home(environment, folder, trust, inspection))}


def _check_home(
    environment: Mapping[str, str],
    folder: Path | None,
    trust: Trust | None,
    inspection: Inspection,
) -> Path:
    """Check a platform's home; nothing is made where there is none."""
    settings = Settings.from_environment(
        environment if folder is None else {**environment, "OPENDATA_HOME": str(folder)}
    )
    if not settings.secret_file.is_file():
        raise Unusable(
            f"{settings.home} 既不是平台的主目录，也没有 manifest.json。",
            f"{settings.home} is no home of a platform, and has no manifest.json.",
        )
    runtime = Runtime.around(settings, {})
    try:
        own = trust or Trust(_keys_of(runtime), pinned=False)
        stage.check_home(runtime.home, settings.lake, own, runtime.now(), inspection)
    finally:
        runtime.home.database.engine.dispose()
    return settings.home


def _keys_of(runtime: Runtime) -> tuple[dict[str, str], ...]:
    """Return a home's own keys; one that never signed anything has none."""
    try:
        return tuple(runtime.home.signer.public_keys)
    except NotInitialised:
        return ()


def _check_site(site: Site, trust: Trust | None, inspection: Inspection) -> None:
    """Fetch the releases one by one, and check each as a folder."""
    session = OwnHost()
    trust = trust or Trust(stage.keys_of(site.keys(session), site.root), pinned=False)
    before: Manifest | None = None
    numbers = defaultdict[str, list[int]](list)
    for dataset, number, public in site.releases(session):
        numbers[dataset].append(number)
        if not public:
            inspection.note(
                f"{dataset}@{number} 不再公开，未核验。",
                f"{dataset}@{number} is no longer public, and was not checked.",
            )
            continue
        with tempfile.TemporaryDirectory(prefix="opendata-verify-") as folder:
            site.fetch(session, (dataset, number), Path(folder), inspection.watch)
            found = stage.check_downloaded(Path(folder), (dataset, number), trust, inspection)
        stage.check_link(before, found, inspection)
        before = found
    if site.release is None:
        for dataset, listed in numbers.items():
            stage.check_numbers(dataset, listed, inspection)
    if inspection.fits and not inspection.counts["releases"]:
        raise Unusable(
            f"{site.root} 没有可核验的版本。", f"{site.root} has no release that can be checked."
        )
    trust.say(inspection)


def _about(manifest: Manifest) -> dict[str, Any]:
    """Return which release was checked, as its manifest tells."""
    body = manifest.body
    told = {name: body.get(name) for name in ("dataset", "release", "version", "released_at")}
    said = body.get("signature")
    return {**told, "signed_with": said.get("key") if isinstance(said, dict) else None}


@contextmanager
def _watching() -> Iterator[Callable[[str, int], None]]:
    """Show on standard error what is being read; nothing where nobody looks."""
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield lambda _what, _size: None
        return
    columns = (SpinnerColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(
        *columns, TextColumn("{task.description}"), console=console, transient=True
    ) as bar:
        task = bar.add_task("", total=None)

        def watch(what: str, size: int) -> None:
            bar.update(task, advance=size, description=what[-_LONGEST_LABEL:])

        yield watch


def _lines(name: str, about: Mapping[str, Any], inspection: Inspection) -> Iterator[str]:
    yield f"{_VERDICTS[_status(inspection)]}  {name}"
    if about:
        release = f"{about['dataset']}@{about['release']}  {about['version']}"
        yield f"{_INDENT}{release}  {about['released_at']}  签名密钥 key {about['signed_with']}"
    if inspection.record is not None:
        yield f"{_INDENT}记录 record  {inspection.record}"
    counts = (
        f"{COUNTED[each]} {each} {count:,}" for each, count in sorted(inspection.counts.items())
    )
    yield _INDENT + " · ".join(counts)
    for each in inspection.misfits:
        yield from _misfit_lines(each)
    for note in inspection.notes:
        yield f"注意 Note: {note.zh}"
        yield f"{_INDENT}{note.en}"


def _misfit_lines(each: Misfit) -> Iterator[str]:
    place = each.place
    where = [
        f"第 {place.line} 行 line {place.line}" if place.line is not None else "",
        f"第 {place.byte} 字节 byte {place.byte}" if place.byte is not None else "",
        place.pointer or "",
    ]
    yield "  ".join(part for part in (f"✗ {each.what}", *where, f"[{each.code}]") if part)
    yield _INDENT + each.said.zh
    yield _INDENT + each.said.en
