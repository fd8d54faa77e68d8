"""The lake: one Iceberg table a collection, published branch by branch.

Every publication commits to a branch of its own, begun at the snapshot that the collection's
pointer names. What an interrupted publication left behind is on a branch that nobody reads.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.expressions import EqualTo
from pyiceberg.manifest import ManifestEntryStatus, ManifestFile
from pyiceberg.table import StaticTable, Table
from pyiceberg.table.snapshots import Snapshot as IcebergSnapshot

from opendata.storage.files import sync

NAMESPACE = "opendata"
MOST_SNAPSHOTS, KEPT_SNAPSHOTS = 32, 8
_PROPERTIES = {
    # Whose records a file has is known without looking into it, however long the name is.
    "write.metadata.metrics.column._dataset": "full",
    # Or the list of lists of files would grow by one with every release.
    "commit.manifest-merge.enabled": "true",
    "write.metadata.previous-versions-max": "8",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a collection at a moment, and the metadata file that knows it."""

    id: int
    metadata_location: str


@dataclass(frozen=True, slots=True)
class Change:
    """Whose records a publication replaces, and the branch it does so on.

    ``is_first``: the dataset has no records yet, so that there is nothing to look for.
    """

    collection: str
    dataset: str
    branch: str
    is_first: bool = False


class Lake:
    """The Iceberg tables of one platform."""

    def __init__(self, catalog_uri: str, warehouse: Path) -> None:
        """Prepare; the catalogue is opened at the first write, for readers never need it."""
        self._uri = catalog_uri
        self._warehouse = warehouse
        self._catalog: Catalog | None = None

    def name_of(self, path: str) -> str:
        """Return what a file of the lake is called, whatever the folder that the lake is in."""
        return Path(path).relative_to(self._warehouse).as_posix()

    def beginning(self, collection: str, schema: pa.Schema) -> Snapshot:
        """Return the empty first snapshot of a collection, creating its table if need be."""
        catalog = self._open()
        name = (NAMESPACE, collection)
        try:
            table = catalog.load_table(name)
        except NoSuchTableError:
            table = catalog.create_table(name, schema=schema, properties=_PROPERTIES)
        first = table.snapshot_by_name("main")
        if first is None:
            # A branch needs a snapshot to begin at, so the table starts with an empty one.
            table.append(schema.empty_table())
            first = table.current_snapshot()
        assert first is not None  # noqa: S101 - the append above has just made it.
        return Snapshot(first.snapshot_id, table.metadata_location)

    def commit(self, change: Change, base: Snapshot, rows: pa.Table) -> Snapshot:
        """Replace a dataset's records by ``rows`` on a fresh branch at ``base``.

        Whatever an earlier attempt left on the branch is dropped with it.
        """
        branch = change.branch
        table = self._open().load_table((NAMESPACE, change.collection))
        _evolve(table, rows.schema)
        if branch in table.metadata.refs:
            table.manage_snapshots().remove_branch(branch).commit()
        if len(table.metadata.snapshots) > MOST_SNAPSHOTS:
            _forget_old_snapshots(table, base)
        table.manage_snapshots().create_branch(snapshot_id=base.id, branch_name=branch).commit()
        if change.is_first:
            table.append(rows, branch=branch)
        else:
            _overwrite(table, change, rows)
        made = table.snapshot_by_name(branch)
        assert made is not None  # noqa: S101 - it has just been made.
        _make_durable(table, made)
        return Snapshot(made.snapshot_id, table.metadata_location)

    def _open(self) -> Catalog:
        if self._catalog is None:
            self._warehouse.mkdir(parents=True, exist_ok=True)
            self._catalog = SqlCatalog(NAMESPACE, uri=self._uri, warehouse=str(self._warehouse))
            self._catalog.create_namespace_if_not_exists(NAMESPACE)
        return self._catalog


def _evolve(table: Table, schema: pa.Schema) -> None:
    """Give a table the columns of the contract in force; files keep those they were written with.

    A column of another type is another column to Iceberg. What a contract has no longer stays.
    """
    known = {each.name: each.type for each in table.schema().as_arrow()}
    known |= {name: pa.string() for name, kind in known.items() if pa.types.is_large_string(kind)}
    changed = [each.name for each in schema if known.get(each.name, each.type) != each.type]
    if changed:
        with table.update_schema(allow_incompatible_changes=True) as update:
            for name in changed:
                update.delete_column(name)
    if changed or not known.keys() >= set(schema.names):
        with table.update_schema() as update:
            update.union_by_name(schema)


def _forget_old_snapshots(table: Table, base: Snapshot) -> None:
    """Take old snapshots off the table's list, which PyIceberg copies at every step of a commit.

    Nothing is deleted: every release names a metadata file that has its snapshot for good. The
    newest are left alone, so that nobody who works on one of them is disturbed.
    """
    newest = sorted(table.metadata.snapshots, key=lambda each: each.sequence_number or 0)
    kept = {base.id, *(each.snapshot_id for each in newest[-KEPT_SNAPSHOTS:])}
    refs = table.metadata.refs
    kept |= {ref.snapshot_id for name, ref in refs.items() if name == "main"}
    branches = table.manage_snapshots()
    for name, ref in refs.items():
        if ref.snapshot_id not in kept:
            branches = branches.remove_branch(name)
    branches.commit()
    named = {ref.snapshot_id for ref in table.metadata.refs.values()}
    old = {each.snapshot_id for each in table.metadata.snapshots} - kept - named
    table.maintenance.expire_snapshots().by_ids(sorted(old)).commit()


def _overwrite(table: Table, change: Change, rows: pa.Table) -> None:
    with warnings.catch_warnings():
        # A release that nothing is left of replaces nothing, which PyIceberg warns of.
        warnings.filterwarnings("ignore", message="Delete operation did not match")
        ours = EqualTo("_dataset", change.dataset)  # type: ignore[call-arg,arg-type]  # pydantic.
        table.overwrite(rows, overwrite_filter=ours, branch=change.branch)


def _make_durable(table: Table, snapshot: IcebergSnapshot) -> None:
    """Sync what a commit wrote: the release that will name it must not outlive it in a crash."""
    paths = {Path(each) for each in (*_about(table, snapshot), *_added_files(table, snapshot))}
    for path in paths | {path.parent for path in paths}:
        sync(path)


def _about(table: Table, snapshot: IcebergSnapshot) -> Iterator[str]:
    """Yield the paths of the files that say what a commit did."""
    yield table.metadata_location
    yield snapshot.manifest_list
    for each in _own_manifests(table, snapshot):
        yield each.manifest_path


def _own_manifests(table: Table, snapshot: IcebergSnapshot) -> list[ManifestFile]:
    """Return the manifests that a commit wrote."""
    manifests = snapshot.manifests(table.io)
    return [each for each in manifests if each.added_snapshot_id == snapshot.snapshot_id]


def _added_files(table: Table, snapshot: IcebergSnapshot) -> Iterator[str]:
    """Yield the paths of the data files that a commit added; there may be others beside them."""
    for manifest in _own_manifests(table, snapshot):
        for each in manifest.fetch_manifest_entry(table.io):
            if each.status is ManifestEntryStatus.ADDED:
                yield each.data_file.file_path


@lru_cache(maxsize=256)
def files_of(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the paths of the Parquet files that make up a snapshot; they never change."""
    table = StaticTable.from_metadata(snapshot.metadata_location)
    tasks = table.scan(snapshot_id=snapshot.id).plan_files()
    return tuple(sorted(task.file.file_path for task in tasks))


def files_added_by(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the paths of the files with the records that a publication brought.

    They are all that a release has, and finding them takes as long in a large collection as in
    a small one.
    """
    return _written_by(snapshot)[0]


def files_written_by(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the paths of every file of a publication, those that say what it did included."""
    data, about = _written_by(snapshot)
    return tuple(sorted({*data, *about}))


@lru_cache(maxsize=256)
def _written_by(snapshot: Snapshot) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paths of a publication's data files, and of the files about them."""
    table = StaticTable.from_metadata(snapshot.metadata_location)
    made = table.snapshot_by_id(snapshot.id)
    if made is None:
        return (), ()
    return tuple(sorted(_added_files(table, made))), tuple(_about(table, made))
