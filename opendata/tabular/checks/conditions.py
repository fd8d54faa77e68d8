"""The condition under which a rule applies: ``{"fieldName", "equals" | "contains"}``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

PROFILE: dict[str, Any] = {
    "type": "object",
    "required": ["fieldName"],
    "properties": {
        "fieldName": {"type": "string"},
        "equals": {
            "anyOf": [
                {"type": ["string", "number", "boolean"]},
                {
                    "type": "array",
                    "minItems": 1,
                    "items": {"type": ["string", "number", "boolean"]},
                },
            ]
        },
        "contains": {"type": "string", "minLength": 1},
    },
    "oneOf": [{"required": ["equals"]}, {"required": ["contains"]}],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one column: its value is one of ``equals``, or its text has ``contains``."""

    field: str
    equals: tuple[Any, ...]
    contains: str | None

    @classmethod
    def of(cls, descriptor: Mapping[str, Any]) -> "Condition":
        """Build it from a descriptor that fits ``PROFILE``."""
        equals = descriptor.get("equals", [])
        values = tuple(equals) if isinstance(equals, list) else (equals,)
        return cls(descriptor["fieldName"], values, descriptor.get("contains"))

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Say whether it holds; an empty or unreadable cell fulfils no condition."""
        cell = row.get(self.field)
        if cell is None:
            return False
        if self.contains is not None:
            return isinstance(cell, str) and self.contains in cell
        return any(_same(cell, value) for value in self.equals)

    @property
    def text(self) -> str:
        """The condition in no language, the column first: ``level = government``."""
        if self.contains is not None:
            return f"{self.field} ∋ {self.contains}"
        return f"{self.field} = {' / '.join(str(value) for value in self.equals)}"


def _same(cell: Any, value: Any) -> bool:
    """Compare a typed cell with a value from JSON; ``True`` is no 1."""
    if isinstance(cell, bool) or isinstance(value, bool):
        return cell is value
    if isinstance(cell, date):
        return bool(cell.isoformat() == value)
    if isinstance(cell, Decimal) and isinstance(value, int | float):
        value = Decimal(str(value))
    return bool(cell == value)
