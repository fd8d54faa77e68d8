"""What is published of a publisher's year, held against what other collections have of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frictionless import Checklist

from opendata.domain.contracts import Contract
from opendata.domain.errors import Text
from opendata.tabular.checks.crossings import Crossing, CrossingCheck
from opendata.tabular.checks.plugin import CHECKS, register
from opendata.tabular.context import Context, Releases


@dataclass(frozen=True, slots=True)
class CrossRule:
    """A rule of a contract that compares with another collection, and what it asks of people."""

    contract: Contract
    check: CrossingCheck
    description: Text

    @property
    def name(self) -> str:
        """What the contract calls the rule."""
        return self.check.name or self.check.type

    def crossings(self, names: Sequence[str], releases: Releases) -> Iterator[Crossing]:
        """Compare all that is published under these publishers' names."""
        check = self.check
        check.context = Context(frozenset(names), None, releases=releases)
        values = {self.contract.publisher_field: names}
        for number, record in enumerate(releases.matching(check.named_fields(), values) or ()):
            check.collect(number + 1, record)
        yield from check.crossings()


def cross_rules(contract: Contract) -> Iterator[CrossRule]:
    """Yield the rules of a contract, errors first, that compare with another collection."""
    register()
    for each in (*contract.checklist["checks"], *contract.cautions["checks"]):
        if issubclass(CHECKS.get(each["type"], object), CrossingCheck):
            yield from _read(contract, each)


def _read(contract: Contract, declared: Mapping[str, Any]) -> Iterator[CrossRule]:
    # Frictionless takes apart what it is given.
    copied = json.loads(json.dumps(dict(declared)))
    zh, _, en = str(declared.get("description", "")).partition(" / ")
    for check in Checklist.from_descriptor({"checks": [copied]}).checks:
        if isinstance(check, CrossingCheck):
            yield CrossRule(contract, check, Text(zh, en))
