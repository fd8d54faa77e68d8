"""Annual reports over HTTP: read, traced, declared and written; printed and submitted."""

from opendata.web.annual_reports import files, reading, submitting
from opendata.web.annual_reports.room import blp

__all__ = ["blp", "files", "reading", "submitting"]
