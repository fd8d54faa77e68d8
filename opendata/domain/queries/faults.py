"""What is wrong with a request, located, with the name that was probably meant."""

import difflib
from collections.abc import Collection

from opendata.domain.errors import Fault, Refusal, Text

# A request with more faults than this is not read on.
MAX_FAULTS = 50
MAX_SHOWN = 80


class BadQuery(Refusal):
    """The query names what the published contract does not have, or says it wrongly."""

    code = "bad-query"
    title = Text("查询条件有误", "The query is not valid")


class Faults:
    """The faults of one request: a caller mends it once."""

    def __init__(self) -> None:
        """Begin without any."""
        self.found: list[Fault] = []

    @property
    def full(self) -> bool:
        """Whether there are more than anybody wants to read."""
        return len(self.found) > MAX_FAULTS

    def note(self, name: str, zh: str, en: str, code: str = "invalid-parameter") -> None:
        """Note what is wrong with the parameter ``name``."""
        self.found.append(Fault(f"?{name[:MAX_SHOWN]}", Text(zh, en), code))

    def check(self) -> None:
        """Refuse the request if anything was found.

        Raises:
            BadQuery: with every fault.
        """
        if self.found:
            raise BadQuery(
                "；".join(each.detail.zh for each in self.found),
                " ".join(each.detail.en for each in self.found),
                tuple(self.found),
            )


def unknown_parameter(name: str, meant: str, known: Collection[str]) -> Fault:
    """Return the fault of a parameter that nobody knows; ``meant`` is its name without suffix."""
    zh, en = suggestion(meant, known)
    said = Text(
        f"没有名为 {name[:MAX_SHOWN]} 的参数{zh}", f"There is no parameter {name[:MAX_SHOWN]}{en}"
    )
    return Fault(f"?{name[:MAX_SHOWN]}", said, "unknown-parameter")


def suggestion(name: str, known: Collection[str], cutoff: float = 0.5) -> Text:
    """End a sentence: with the nearest known name if there is one, else with a full stop.

    >>> suggestion("nmae", ["name", "size"]).en
    '; did you mean name?'
    """
    near = difflib.get_close_matches(name, known, n=1, cutoff=cutoff)
    if not near:
        return Text("。", ".")
    return Text(f"；是否想用 {near[0]}？", f"; did you mean {near[0]}?")
