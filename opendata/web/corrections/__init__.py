"""Corrections over HTTP: anybody reports a fault in a record, the agency answers for it."""

from opendata.web.corrections.handling import blp
from opendata.web.corrections.reporting import add_to

__all__ = ["add_to", "blp"]
