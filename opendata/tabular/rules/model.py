"""One kind of finding: its name, its words, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

from opendata.domain.errors import Text

Severity = Literal["error", "caution"]

_NONE = Text("", "")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding. ``severity`` is its usual one: a contract's cautions never refuse."""

    title: Text
    problem: Text
    advice: Text = _NONE
    severity: Severity = "error"
