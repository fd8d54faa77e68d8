"""One table of every kind of finding: its name, its words, and what to do about it.

``problem`` may quote ``{value}``, ``{expected}`` and the like; ``title`` and ``advice`` never do,
so that they are what a public report shows.
"""

from collections.abc import Mapping

from opendata.tabular.rules.frictionless import BLANK_KEY, ROWS, TABLE, UNKNOWN_RULE
from opendata.tabular.rules.model import Rule, Severity
from opendata.tabular.rules.ours import OURS
from opendata.tabular.rules.several import SEVERAL

__all__ = ["BLANK_KEY", "RULES", "UNKNOWN_RULE", "Rule", "Severity"]

RULES: Mapping[str, Rule] = {**TABLE, **ROWS, **OURS, **SEVERAL}
