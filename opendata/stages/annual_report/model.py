"""What the annual report is compiled with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from opendata.domain.contracts import Contract
from opendata.domain.editions import local_day
from opendata.stages import catalogue
from opendata.stages.annual_words import COLLECTION
from opendata.stages.rules import Rules
from opendata.storage.home import Home


# Without slots, so that the day is worked out once.
@dataclass(frozen=True)
class Means:
    """Where everything is, the contracts and deadline rules in force, and the time."""

    home: Home
    contracts: Mapping[str, Contract]
    rules: Rules
    now: datetime

    @property
    def contract(self) -> Contract:
        """The contract of the statistics that a report becomes.

        Raises:
            NoSuchCollection: this platform has no such collection.
        """
        return catalogue.contract_of(self.contracts, COLLECTION)

    @cached_property
    def today(self) -> date:
        """The day in China."""
        return local_day(self.now)
