"""What of a request is no secret, its number and who agreed, is nobody's personal data."""

from collections.abc import Iterator

from opendata.domain.errors import Fault, Text
from opendata.domain.privacy import Kind
from opendata.tabular.privacy import kinds_in


def personal_faults(pointer: str, text: str) -> Iterator[Fault]:
    """Yield a fault for every kind of identifier in a text that stays; none is quoted."""
    for kind, is_strong in kinds_in(text).items():
        if is_strong:
            said = Text(
                f"此处有{kind.label.zh}；这一项不封存，也不能删除，请改用别的写法。",
                f"There is {kind.label.en} here; this is not sealed and cannot be erased. Write "
                "something else.",
            )
            code = "marked-text" if kind is Kind.MARKING else "personal-text"
            yield Fault(pointer, said, code)
