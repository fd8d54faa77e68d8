"""Lake data: the Parquet file that a publication put into the lake, written once more.

Its name is new every time, its bytes are not: they follow from the records, and from the table as
it was.
"""

from pathlib import Path
from uuid import uuid4

import pyarrow as pa
from pyiceberg.io.pyarrow import PyArrowFileIO, pyarrow_to_schema, write_file
from pyiceberg.table import StaticTable, WriteTask

from opendata.domain.queries import whole
from opendata.stages.verify import twins
from opendata.stages.verify.again import UNMADE, Beside, scratch
from opendata.stages.verify.reading import Fits, departure, pieces
from opendata.stages.verify.records import batches
from opendata.stages.verify.subjects import contract_of
from opendata.tabular.export import Layout
from opendata.tabular.records import record_schema

_METADATA = ".metadata.json"


def departure_in_lake(path: Path, lake: Path, fits: Fits, beside: Beside) -> int | None:
    """Return the first byte in which a data file departs from what it should be.

    It can be told where the first files of the release have all of its records: those whose
    publication had ended by then are in the lake alone. The records are in memory at once, as they
    were when they were published.
    """
    with scratch() as folder:
        try:
            made = _written(lake, folder, beside)
            return departure(path, pieces(made), fits)
        except UNMADE:
            # Then the file is named, and its byte is not.
            return None


def _written(lake: Path, folder: Path, beside: Beside) -> Path:
    """Write the file below ``folder``, by the table of the lake as the publication left it."""
    known = next(each["path"] for each in beside.told["lake"] if each["path"].endswith(_METADATA))
    table = StaticTable.from_metadata(str(lake / known))
    contract = contract_of(beside.told)
    schema, layout = record_schema(contract), Layout(contract, whole(contract).fields)
    source = next(each for each in twins.TWIN if each in beside.files)
    found = batches((source, beside.files[source]), layout)
    rows = pa.Table.from_batches(found).select(schema.names).cast(schema)
    task = WriteTask(
        write_uuid=uuid4(),
        task_id=0,
        record_batches=rows.to_batches(),
        schema=pyarrow_to_schema(rows.schema, name_mapping=table.schema().name_mapping),
    )
    # Its properties could have been changed, and say where and by whose code to write.
    elsewhere = table.metadata.model_copy(update={"location": str(folder), "properties": {}})
    return Path(next(write_file(PyArrowFileIO(), elsewhere, iter([task]))).file_path)
