"""A walk along the releases of a home: each manifest, and everything that it names."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from opendata.domain.errors import Text
from opendata.stages.publish import LEAVES, MANIFEST
from opendata.stages.verify import twins
from opendata.stages.verify.again import Beside
from opendata.stages.verify.facts import Kept, Released, beside_of, check_facts, check_location
from opendata.stages.verify.keys import Trust
from opendata.stages.verify.lakes import Lakes
from opendata.stages.verify.lines import EDITION, RELEASED, Line
from opendata.stages.verify.locating import Expected, located
from opendata.stages.verify.log import Claim
from opendata.stages.verify.manifests import (
    UNSIGNED,
    Manifest,
    check_signature,
    manifest_of,
    parsed,
)
from opendata.stages.verify.model import Inspection, Place
from opendata.stages.verify.reading import read_through
from opendata.stages.verify.rows import Rows, check_rows
from opendata.storage.home import Home
from opendata.storage.tables import ArtefactRow

LINES = twins.NDJSON
_NOT_SIGNED = Text("没有签名的清单。", "It has no signed manifest.")


@dataclass(slots=True)
class Walk:
    """What was met on the way, to be compared with what comes later.

    ``changed`` are objects of the vault that are not what their names say; ``heads`` what
    manifests say of the log; ``told`` what the log should tell of.
    """

    home: Home
    trust: Trust
    inspection: Inspection
    lakes: Lakes
    changed: set[str] = field(default_factory=set)
    heads: dict[int, list[Claim]] = field(default_factory=dict)
    told: Counter[Line] = field(default_factory=Counter)
    _before: Released | None = None
    _signed_since: datetime | None = None
    _unsigned: list[tuple[datetime, str]] = field(default_factory=list)

    def check(self, release: Released) -> None:
        """Check one release; they come by dataset and number."""
        self.inspection.counts["releases"] += 1
        self.told[RELEASED, release.name, ""] += 1
        for at, kept in enumerate(release.editions):
            if at:
                self.told[EDITION, f"{release.name}/{kept.begun}", ""] += 1
            manifest = self._manifest(release, kept)
            self._check_files(manifest, kept, release)
            if manifest is not None:
                self._check_manifest(manifest, kept, release)
        self._before = release

    def tell_unsigned(self) -> None:
        """Record the releases that nobody signed, though releases were signed by then."""
        for at, name in self._unsigned:
            if self._signed_since is not None and at > self._signed_since:
                self.inspection.wrong("unsigned", name, _NOT_SIGNED)
            else:
                self.inspection.counts["unsigned releases"] += 1

    def _manifest(self, release: Released, kept: Kept) -> Manifest | None:
        """Return the manifest of an edition, ``None`` if there is none that could be checked."""
        row = kept.files.get(MANIFEST)
        what = f"{release.name} {MANIFEST}"
        if row is None or not self.home.vault.path(row.sha256).exists():
            # The editions of early releases have none of their own.
            self._meet_unsigned(release, kept)
            return None
        content = self.home.vault.read(row.sha256)
        body = parsed(content, what, Inspection())
        if body is not None and body.get("format") == UNSIGNED:
            self._meet_unsigned(release, kept)
            return None
        at = release.row.released_at
        self._signed_since = min(self._signed_since or at, at)
        return manifest_of(content, what, self.inspection)

    def _meet_unsigned(self, release: Released, kept: Kept) -> None:
        """Record an edition that nobody signed, unless it is of early times as far as one sees."""
        name, row = f"{release.name}/{kept.begun}", release.row
        if row.version is None and row.merkle_root is None:
            self._unsigned.append((row.released_at, name))
        else:
            # What has a version or a root was never released without a signature.
            self.inspection.wrong("unsigned", name, _NOT_SIGNED)

    def _check_manifest(self, manifest: Manifest, kept: Kept, release: Released) -> None:
        what = f"{release.name} {MANIFEST}"
        if kept.files[MANIFEST].sha256 not in self.changed:
            check_signature(manifest, what, self.trust, self.inspection, search=False)
        check_facts(manifest, kept, release, self.inspection)
        check_location(manifest, release, self.inspection)
        self._check_previous(manifest, kept, release)
        # Its first edition has the records as they went into the lake.
        edition = manifest, release.editions[0]
        beside = partial(beside_of, self.home, release, edition, self.changed)
        for each in manifest.told.lake:
            self.lakes.check(each, release.name, beside)
        head = manifest.told.audit
        self.heads.setdefault(head.seq, []).append(Claim(f"{release.name}/{kept.begun}", head.hash))

    def _check_previous(self, manifest: Manifest, kept: Kept, release: Released) -> None:
        expected = self._previous(kept, release)
        if (manifest.told.previous or "") in expected:
            self.inspection.counts["links"] += 1
            return
        text = Text(
            f"所接的清单是 {manifest.told.previous}，应为 {'、'.join(expected)}。",
            f"It follows the manifest {manifest.told.previous} instead of {', '.join(expected)}.",
        )
        what = f"{release.name} {MANIFEST}"
        self.inspection.wrong("previous-differs", what, text, Place(pointer="/previous"))

    def _previous(self, kept: Kept, release: Released) -> list[str]:
        """Return which manifests one may follow: the edition before, else the release before.

        Of the release before it is the edition that was public on the day.
        """
        earlier = [each for each in release.editions if each.begun < kept.begun]
        if earlier:
            return _manifests(earlier)[-1:]
        before = self._before
        if before is None or before.row.dataset_id != release.row.dataset_id:
            return [""]
        return _manifests([each for each in before.editions if each.begun <= kept.begun])

    def _rows(self, manifest: Manifest, kept: Kept, release: Released) -> Place | None:
        """Check lines, leaves and root of the first edition; return where the lines depart."""
        leaves, lines, root = kept.files.get(LEAVES), kept.files.get(LINES), manifest.told.rows_root
        if leaves is None or lines is None or root is None:
            return None
        vault, row = self.home.vault, release.row
        paths = vault.path(lines.sha256), vault.path(leaves.sha256)
        if not all(each.exists() for each in paths):
            return None
        rows = Rows(row.dataset_id, row.number, *paths, self.home.secret)
        return check_rows(rows, root, self.inspection, release.name)

    def _check_files(self, manifest: Manifest | None, kept: Kept, release: Released) -> None:
        """Record which files of an edition are not there, or not what their digests say."""
        before = len(self.inspection.misfits)
        departs = None if manifest is None else self._rows(manifest, kept, release)
        # Where leaves were changed, comparing them with the rows has told more than a digest can.
        told = {LEAVES} if len(self.inspection.misfits) > before else set()
        for name, row in kept.files.items():
            if name in told:
                continue
            self.inspection.counts["files"] += 1
            what = f"{release.name} {name}"
            path = self.home.vault.path(row.sha256)
            if not path.exists():
                text = Text(f"{row.sha256} 不在文件库中。", f"{row.sha256} is not in the vault.")
                self.inspection.wrong("file-missing", what, text)
            elif row.sha256 in self.changed:
                beside = beside_of(self.home, release, (manifest, kept), self.changed)
                self._tell_changed(row, what, beside, departs if name == LINES else None)
            elif name == LINES and departs is not None:
                text = Text(
                    f"第 {departs.line} 行与其叶散列不符。",
                    f"Line {departs.line} is not its leaf's.",
                )
                self.inspection.wrong("row-changed", what, text, departs)

    def _tell_changed(
        self, row: ArtefactRow, what: str, beside: Beside, departs: Place | None
    ) -> None:
        """Say where an object of the vault departs from what its name says."""
        file = Expected(row.name, self.home.vault.path(row.sha256), row.sha256, row.size)
        found = read_through(file.path, row.size, self.inspection, what)
        text, place = located(file, found, beside)
        if place.line is None and departs is not None:
            place = Place(departs.line, departs.byte)
            text = Text(
                f"从第 {departs.line} 行（第 {departs.byte} 字节）起与叶散列不符。",
                f"From line {departs.line} on, at byte {departs.byte}, it does not fit its leaves.",
            )
        self.inspection.wrong("file-changed", what, text, place)


def _manifests(editions: list[Kept]) -> list[str]:
    return [each.files[MANIFEST].sha256 for each in editions if MANIFEST in each.files]
