"""A folder: the files of one release as anybody can download them, checked with nothing else."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opendata.domain.editions import local_day
from opendata.domain.errors import Text
from opendata.stages.publish import MANIFEST
from opendata.stages.verify.again import Beside
from opendata.stages.verify.keys import Trust, keys_of
from opendata.stages.verify.locating import Expected, located
from opendata.stages.verify.manifests import Manifest, NamedFile, check_signature, manifest_of
from opendata.stages.verify.model import Inspection, Place, Unusable
from opendata.stages.verify.reading import DOCUMENT_BYTES, Read, first_difference, read_through
from opendata.storage.signing import canonical

KEYS = "opendata-keys.json"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file that is there, as the manifest tells it, and what was read of it."""

    told: NamedFile
    path: Path
    read: Read

    @property
    def fits(self) -> bool:
        """Whether it is the file that the manifest names."""
        return (self.read.sha256, self.read.size) == (self.told.sha256, self.told.size)


def check_folder(folder: Path, trust: Trust | None, inspection: Inspection) -> Manifest | None:
    """Check the manifest in a folder and every file beside it that the manifest names.

    Without keys given, those that lie beside it are used.

    Raises:
        Unusable: there is no manifest, or the keys beside it are none.
    """
    path = folder / MANIFEST
    if not path.is_file() or path.stat().st_size > DOCUMENT_BYTES:
        raise Unusable(
            f"{folder} 中没有 manifest.json，或它过大。",
            f"There is no manifest.json in {folder}, or it is too large.",
        )
    trust = trust or trust_beside(folder)
    trust.say(inspection)
    manifest = manifest_of(path.read_bytes(), MANIFEST, inspection)
    if manifest is not None:
        seen = _seen(folder, manifest, inspection)
        if not _is_explained(manifest, seen, trust, inspection):
            check_signature(manifest, MANIFEST, trust, inspection)
            _tell_changed(manifest, seen, inspection)
    return manifest


def trust_beside(folder: Path) -> Trust:
    """Return the keys that lie in a folder, which nobody vouches for."""
    path = folder / KEYS
    keys = keys_of(path.read_bytes(), KEYS) if path.is_file() else ()
    return Trust(keys, pinned=False)


def _seen(folder: Path, manifest: Manifest, inspection: Inspection) -> dict[str, _Seen]:
    """Read the files of the manifest that are there, also where a browser named them."""
    found, missing = {}, []
    for told in manifest.told.artefacts:
        path = _path(folder, manifest, told.name)
        if path is None:
            missing.append(told.name)
        else:
            label = f"{manifest.name} {told.name}"
            read = read_through(path, told.size, inspection, label)
            found[told.name] = _Seen(told, path, read)
            inspection.counts["files"] += 1
    if missing:
        zh, en = "、".join(missing), ", ".join(missing)
        inspection.note(f"不在此处，未核验：{zh}", f"Not here, and hence not checked: {en}")
    return found


def _path(folder: Path, manifest: Manifest, name: str) -> Path | None:
    saved = f"{manifest.told.dataset}-{manifest.told.release}"
    names = (
        [name, name.replace("data", Path(saved).name, 1)] if name.startswith("data.") else [name]
    )
    return next((folder / each for each in names if (folder / each).is_file()), None)


def _is_explained(
    manifest: Manifest, seen: Mapping[str, _Seen], trust: Trust, inspection: Inspection
) -> bool:
    """Whether the manifest is signed once it tells what the files have, which then is recorded.

    The files are those of the release, and the manifest was changed where it names them.
    """
    if trust.holds(manifest.body) or all(each.fits for each in seen.values()):
        return False
    body = json.loads(manifest.content)
    for told in body["artefacts"]:
        if told["name"] in seen:
            read = seen[told["name"]].read
            told["sha256"], told["size"] = read.sha256, read.size
    if not trust.holds(body):
        return False
    name = next(name for name, each in seen.items() if not each.fits)
    byte = first_difference(manifest.content, canonical(body))
    text = Text(
        f"所载 {name} 的摘要或大小被改动（第 {byte} 字节）；文件本身与签名相符。",
        f"What it tells of {name} was changed, at byte {byte}; the file itself fits the signature.",
    )
    inspection.wrong("manifest-changed", MANIFEST, text, Place(byte=byte))
    return True


def _tell_changed(manifest: Manifest, seen: Mapping[str, _Seen], inspection: Inspection) -> None:
    beside = Beside(manifest.body, {name: each.path for name, each in seen.items() if each.fits})
    for name, each in seen.items():
        if not each.fits:
            file = Expected(name, each.path, each.told.sha256, each.told.size)
            text, place = located(file, each.read, beside)
            inspection.wrong("file-changed", f"{manifest.name} {name}", text, place)


def check_downloaded(
    folder: Path, named: tuple[str, int], trust: Trust, inspection: Inspection
) -> Manifest | None:
    """Check a folder that was fetched as a release of this dataset and number.

    Every file that the manifest names has to be there, and it has to be that release's manifest.
    """
    own = Inspection(watch=inspection.watch)
    name = f"{named[0]}@{named[1]}"
    if not (folder / MANIFEST).is_file():
        text = Text("没有清单。", "It has no manifest.")
        inspection.wrong("file-missing", f"{name} {MANIFEST}", text)
        return None
    manifest = check_folder(folder, trust, own)
    if manifest is not None:
        if (manifest.told.dataset, manifest.told.release) != named:
            text = Text(f"清单是 {manifest.name} 的。", f"The manifest is of {manifest.name}.")
            inspection.wrong("other-release", f"{name} {MANIFEST}", text)
        for each in manifest.told.artefacts:
            if not (folder / each.name).is_file():
                text = Text("清单所载的文件没有提供。", "A file of the manifest is not served.")
                inspection.wrong("file-missing", f"{name} {each.name}", text)
    inspection.misfits += [
        replace(each, what=f"{name} {MANIFEST}") if each.what == MANIFEST else each
        for each in own.misfits
    ]
    inspection.counts += own.counts
    inspection.counts["releases"] += 1
    return manifest


def check_numbers(dataset: str, numbers: Sequence[int], inspection: Inspection) -> None:
    """Record which releases of a dataset are left out; those not public any more are told too."""
    expected = 1
    for number in sorted(set(numbers)):
        if number != expected:
            first = f"{dataset}@{expected}"
            text = Text(
                f"列表中没有 {first}，其后却有 {dataset}@{number}。",
                f"{first} is not listed, but {dataset}@{number} after it is.",
            )
            inspection.wrong("release-left-out", first, text)
        expected = number + 1


def check_link(before: Manifest | None, after: Manifest | None, inspection: Inspection) -> None:
    """Record that a manifest does not follow the one of the release before, where that is known.

    The manifests of editions that are past are not served: where one of the two is of a later
    edition than its release's first, nothing can be said.
    """
    if before is None or after is None or before.told.dataset != after.told.dataset:
        return
    if before.told.release + 1 != after.told.release or not (
        _is_first(before) and _is_first(after)
    ):
        return
    expected = hashlib.sha256(before.content).hexdigest()
    if after.told.previous == expected:
        inspection.counts["links"] += 1
        return
    text = Text(
        f"所接的清单是 {after.told.previous}，{before.name} 的是 {expected}。",
        f"It follows the manifest {after.told.previous}; that of {before.name} is {expected}.",
    )
    what = f"{after.name} {MANIFEST}"
    inspection.wrong("previous-differs", what, text, Place(pointer="/previous"))


def _is_first(manifest: Manifest) -> bool:
    try:
        return local_day(manifest.told.released_at).isoformat() == manifest.told.edition
    except OverflowError:
        # The last hours of the last year are in no year of China's.
        return False
