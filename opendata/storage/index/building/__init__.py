"""Building segments: from the files of releases to arrays that are looked into.

Nothing is rendered and nothing guessed: what a record holds is read from the release's Parquet,
where it stands from the release's NDJSON and CSV, of which every line is compared with the record
it is taken for.
"""

from opendata.storage.index.building.records import PartSource, Unindexable
from opendata.storage.index.building.writing import write_segment

__all__ = ["PartSource", "Unindexable", "write_segment"]
