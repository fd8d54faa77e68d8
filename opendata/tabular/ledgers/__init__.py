"""Contracts of what agencies send in for the platform's own ledgers; none is a collection."""

from functools import cache
from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.tabular.contract import load

__all__ = ["packaged_ledgers", "request_ledger"]


def packaged_ledgers() -> Path:
    """Return the folder of the ledgers' contracts; they ship with the code."""
    return Path(__file__).parent


@cache
def request_ledger() -> Contract:
    """Return the contract of an agency's ledger of requests."""
    return load(packaged_ledgers() / "request-ledger" / "v1")
