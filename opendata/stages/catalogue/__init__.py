"""The catalogue: registering datasets, correcting what is said of them, finding them."""

from opendata.stages.catalogue.reading import (
    Contracts,
    agencies,
    agency,
    contract_of,
    dataset,
    datasets,
    has_agency,
    named,
    published,
    readable,
    registered,
)
from opendata.stages.catalogue.registering import Registration, amend, register

__all__ = [
    "Contracts",
    "Registration",
    "agencies",
    "agency",
    "amend",
    "contract_of",
    "dataset",
    "datasets",
    "has_agency",
    "named",
    "published",
    "readable",
    "register",
    "registered",
]
