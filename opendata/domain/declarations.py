"""Declarations: what contracts said of personal data, and what an earlier one did not hide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from opendata.domain.errors import Text


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a contract says of a collection's columns, from the moment it came into force here.

    ``columns`` are the published ones, ``treatments`` what is done to those with personal data.
    """

    number: int
    contract: str
    digest: str
    columns: frozenset[str]
    treatments: Mapping[str, str]
    at: datetime

    def says(self, other: "Declaration") -> bool:
        """Whether it says the same as another one, whenever that was."""
        mine = (self.contract, self.digest, self.columns, dict(self.treatments))
        return mine == (other.contract, other.digest, other.columns, dict(other.treatments))

    def shows(self, later: "Declaration") -> tuple[str, ...]:
        """Return the columns that were published then, and not as ``later`` wants them treated.

        One that ``later`` has no longer is not to be shown either, whatever it was taken out for.
        A column that was dropped then shows nothing, whatever is said of it later.
        """
        otherwise = {
            name
            for name, treatment in later.treatments.items()
            if name in self.columns and self.treatments.get(name) != treatment
        }
        return tuple(sorted(otherwise | (self.columns - later.columns)))


def outdated_because(columns: tuple[str, ...]) -> Text:
    """Say why a release made under an earlier declaration is not shown."""
    zh, en = "、".join(columns), ", ".join(columns)
    return Text(
        f"数据规范已将 {zh} 列为个人信息或不再公布，此版本公布时未作相应处理；须按现行规范另行发布",
        f"the contract has since declared {en} personal data or taken it out, which this release "
        "shows as it was; the data has to be released anew",
    )
