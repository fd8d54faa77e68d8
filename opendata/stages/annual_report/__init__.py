"""The annual report: compiled from ledger, releases and what is declared; declared and written."""

from opendata.stages.annual_report.compiling import compiled, due_of
from opendata.stages.annual_report.declaring import declare_figures, write_sections
from opendata.stages.annual_report.model import Means
from opendata.stages.annual_report.reading import opened, public, sees_cases
from opendata.stages.annual_words import COLLECTION
from opendata.stages.annual_words.facts import Named

__all__ = [
    "COLLECTION",
    "Means",
    "Named",
    "compiled",
    "declare_figures",
    "due_of",
    "opened",
    "public",
    "sees_cases",
    "write_sections",
]
