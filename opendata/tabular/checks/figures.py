"""What rules over stated figures share: which columns hold them and how closely they compare."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar

import attrs
from frictionless import Error

from opendata.domain.rounding import Comparison, Relation, Verdict, compare, figure
from opendata.tabular.checks.groups import NAMES, GroupCheck
from opendata.tabular.checks.table import Member, Statement
from opendata.tabular.checks.table_errors import RuleTableError


@attrs.define(kw_only=True, repr=False)
class FigureCheck(GroupCheck):
    """A relation between figures, judged in each of ``valueFields`` by itself.

    ``counts`` says that the figures are counts, which are exact; amounts compare as closely as
    they are written. ``report`` is what is reported: ``violated`` relations, or, as a caution,
    those that hold ``within_rounding`` only. A relation is judged where every figure it needs is
    there and readable.
    """

    value_fields: list[str]
    counts: bool = False
    report: str = Verdict.VIOLATED.value

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["valueFields"],
        "properties": {
            "valueFields": NAMES,
            "counts": {"type": "boolean"},
            "report": {"enum": [Verdict.VIOLATED.value, Verdict.WITHIN_ROUNDING.value]},
        },
    }

    def weigh(
        self,
        parts: Sequence[Member],
        stated: Sequence[Member],
        field: str,
        relation: Relation = "=",
        factor: Decimal = Decimal(1),
    ) -> Comparison | None:
        """Compare two sums; ``None`` where a figure is missing or there is nothing to report."""
        left = [figure(each.values[field]) for each in parts]
        right = [figure(each.values[field]) for each in stated]
        known_left = [each for each in left if each is not None]
        known_right = [each for each in right if each is not None]
        if len(known_left) < len(left) or len(known_right) < len(right):
            return None
        found = compare(known_left, known_right, relation, counts=self.counts, factor=factor)
        return found if found.verdict.value == self.report else None

    def figures_error(
        self,
        kind: type[RuleTableError],
        members: tuple[Sequence[Member], Sequence[Member]],
        said: Statement,
    ) -> Iterator[Error]:
        """Yield the error of a relation between ``parts`` and what is ``stated``."""
        parts, stated = members
        yield self.table_error(kind, (*parts, *stated), said, stated[0] if stated else None)
