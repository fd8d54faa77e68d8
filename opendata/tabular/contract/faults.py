"""What is wrong with a contract, collected: an author sees all of it at once."""

from opendata.domain.errors import Fault, Text
from opendata.tabular.refusals import UnusableContract

SCHEMA = "table-schema.json"
CHECKLIST = "checklist.json"
CAUTIONS = "cautions.json"
COLLECTION = "collection.toml"
FILES = (SCHEMA, CHECKLIST, CAUTIONS, COLLECTION)


class Faults:
    """A growing list of located faults of one contract."""

    def __init__(self, contract: str) -> None:
        """Begin without any; ``contract`` is its address, e.g. ``budgets/v1``."""
        self.contract = contract
        self.found: list[Fault] = []

    def add(self, file: str, where: str, zh: str, en: str) -> None:
        """Add one; ``where`` is a field's or rule's name within ``file``, or a key."""
        pointer = f"{file}#{where}" if where else file
        self.found.append(Fault(pointer, Text(zh, en), UnusableContract.code))

    def check(self) -> None:
        """Refuse the contract if anything was found.

        Raises:
            UnusableContract: with every fault; the first is spelled out in the detail.
        """
        if not self.found:
            return
        first = self.found[0]
        more = len(self.found) - 1
        raise UnusableContract(
            f"{self.contract} 的 {first.pointer}：{first.detail.zh}"
            + (f"（另有 {more} 处问题）" if more else ""),
            f"{self.contract}, {first.pointer}: {first.detail.en}"
            + (f" (and {more} more)" if more else ""),
            tuple(self.found),
        )
