"""Export: whole answers as files, whose length is known before the first byte is sent."""

from opendata.stages.export.choices import FORMATS, Choices
from opendata.stages.export.listed import spool_rows
from opendata.stages.export.spooled import spool, spool_totals, tag
from opendata.stages.export.whole import BY_DATASET, JOINED, whole

__all__ = [
    "BY_DATASET",
    "FORMATS",
    "JOINED",
    "Choices",
    "spool",
    "spool_rows",
    "spool_totals",
    "tag",
    "whole",
]
