"""A question that takes more memory or disk than there is is refused, and is no failure."""

from dataclasses import replace

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opendata.domain.queries import whole
from opendata.domain.queries.aggregates import Aggregation, Key, Measuring, Metric
from opendata.storage.engines import Source
from opendata.storage.engines import duckdb as engines
from opendata.storage.engines.duckdb import DuckDB, TooMuchAtOnce

