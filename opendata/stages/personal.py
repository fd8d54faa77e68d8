"""Words that are neither sealed nor ever erased hold nobody's identifiers, and no marking."""

from collections.abc import Iterator

from opendata.domain.errors import Fault, Text, Unprocessable
from opendata.domain.privacy import Kind
from opendata.tabular.privacy import kinds_in

_STAR = "★"


class UnfitWords(Unprocessable):
    """Words that stay, and that anybody may come to read, hold an identifier or a marking."""

    code = "unfit-words"


def check_words(*words: tuple[str, str]) -> None:
    """Raise ``UnfitWords`` unless every text, each with its pointer, may stay as it is."""
    faults = tuple(fault for pointer, text in words for fault in personal_faults(pointer, text))
    if faults:
        raise UnfitWords(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            faults,
        )


def personal_faults(pointer: str, text: str) -> Iterator[Fault]:
    """Yield a fault for every kind of identifier in a text that stays; none is quoted.

    That something is secret may be said, as a reason; with its star it is a marking.
    """
    for kind, is_strong in kinds_in(text).items():
        if is_strong and (kind is not Kind.MARKING or _STAR in text):
            said = Text(
                f"此处有{kind.label.zh}；这一项不封存，也不能删除，请改用别的写法。",
                f"There is {kind.label.en} here; this is not sealed and cannot be erased. Write "
                "something else.",
            )
            code = "marked-text" if kind is Kind.MARKING else "personal-text"
            yield Fault(pointer, said, code)
