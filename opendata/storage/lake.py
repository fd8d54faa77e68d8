"""The lake: one Iceberg table a collection, published branch by branch.

Every publication commits to a branch of its own, begun at the snapshot that the collection's
pointer names. What an interrupted publication left behind is on a branch that nobody reads.
"""

import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.expressions import EqualTo
from pyiceberg.table import StaticTable, Table
from pyiceberg.table.snapshots import Snapshot as IcebergSnapshot

from opendata.storage.files import sync

NAMESPACE = "opendata"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a collection at a moment, and the metadata file that knows it."""

    id: int
    metadata_location: str


@dataclass(frozen=True, slots=True)
class Change:
    """Whose records a publication replaces, and the branch it does so on."""

    collection: str
    dataset: str
    branch: str


class Lake:
    """The Iceberg tables of one platform."""

    def __init__(self, catalog_uri: str, warehouse: Path) -> None:
        """Prepare; the catalogue is opened at the first write, for readers never need it."""
        self._uri = catalog_uri
        self._warehouse = warehouse
        self._catalog: Catalog | None = None

    def beginning(self, collection: str, schema: pa.Schema) -> Snapshot:
        """Return the empty first snapshot of a collection, creating its table if need be."""
        catalog = self._open()
        name = (NAMESPACE, collection)
        try:
            table = catalog.load_table(name)
        except NoSuchTableError:
            table = catalog.create_table(name, schema=schema)
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
        if branch in table.metadata.refs:
            table.manage_snapshots().remove_branch(branch).commit()
        table.manage_snapshots().create_branch(snapshot_id=base.id, branch_name=branch).commit()
        with warnings.catch_warnings():
            # A dataset's first release replaces nothing, which PyIceberg warns of.
            warnings.filterwarnings("ignore", message="Delete operation did not match")
            ours = EqualTo("_dataset", change.dataset)  # type: ignore[call-arg,arg-type]  # pydantic.
            table.overwrite(rows, overwrite_filter=ours, branch=branch)
        made = table.snapshot_by_name(branch)
        assert made is not None  # noqa: S101 - the overwrite above has just made it.
        _make_durable(table, made)
        return Snapshot(made.snapshot_id, table.metadata_location)

    def _open(self) -> Catalog:
        if self._catalog is None:
            self._warehouse.mkdir(parents=True, exist_ok=True)
            self._catalog = SqlCatalog(NAMESPACE, uri=self._uri, warehouse=str(self._warehouse))
            self._catalog.create_namespace_if_not_exists(NAMESPACE)
        return self._catalog


def _make_durable(table: Table, snapshot: IcebergSnapshot) -> None:
    """Sync what a commit wrote: the release that will name it must not outlive it in a crash."""
    files = {table.metadata_location, snapshot.manifest_list}
    for manifest in snapshot.manifests(table.io):
        if manifest.added_snapshot_id == snapshot.snapshot_id:
            files.add(manifest.manifest_path)
            files |= {each.data_file.file_path for each in manifest.fetch_manifest_entry(table.io)}
    paths = {Path(each) for each in files}
    for path in paths | {path.parent for path in paths}:
        sync(path)


@lru_cache(maxsize=256)
def files_of(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the paths of the Parquet files that make up a snapshot; they never change."""
    table = StaticTable.from_metadata(snapshot.metadata_location)
    tasks = table.scan(snapshot_id=snapshot.id).plan_files()
    return tuple(sorted(task.file.file_path for task in tasks))
