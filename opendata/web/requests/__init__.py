"""Requests for information over HTTP: filed by anybody, worked on by the agency."""

from opendata.web.requests import filing, ledger, working
from opendata.web.requests.room import blp

__all__ = ["blp", "filing", "ledger", "working"]
