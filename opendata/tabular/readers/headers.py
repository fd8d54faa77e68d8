"""Headers: which column of the contract a label of a file means, and which row is the header."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.tabular.readers.model import note
from opendata.tabular.readers.units import is_unit, split_unit, unit_of
from opendata.tabular.refusals import NoHeader, RecordsAboveHeader, UnitContradicts

# A header is looked for in so many rows. A label may be so much longer than what it stands for.
HEADER_ROWS = 50
_DECORATION = 60
# A title takes a cell or two, and so does who fills the table in and when.
_RECORD_CELLS = 3
_SHOWN = 5
# Brackets of all kinds become round ones; what cannot be seen goes.
_PLAIN = str.maketrans(dict(zip("[]{}【】〔〕〖〗「」", "()" * 6, strict=True))) | dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
)


class By(StrEnum):
    """What a label was recognised by, the surest first."""

    NAME = "name"
    TITLE = "title"
    ALIAS = "alias"
    TOLERANT = "tolerant"


@dataclass(frozen=True, slots=True)
class Meaning:
    """Which column a label means; ``unit`` is what it says in brackets against the contract."""

    field: Field
    by: By
    contradicting: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """What the labels of a header mean.

    ``header`` are pairs of the label as received and the name it is mapped to (itself where the
    contract knows no such column); ``mapping`` says the same for the provenance, with ``by``;
    ``count`` is the number of the contract's columns that were found.
    """

    header: tuple[tuple[str, str], ...]
    mapping: tuple[Mapping[str, Any], ...]
    count: int
    notes: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """Where the header is: position (from 0) among the rows looked at, and columns it names.

    ``rivals`` are the positions of other rows that name as many: then nothing is settled.
    """

    index: int
    count: int
    rivals: tuple[int, ...] = ()


class Names:
    """What header cells may say under one contract."""

    def __init__(self, contract: Contract) -> None:
        """Take names, titles and aliases of its fields."""
        self._exact: dict[str, Meaning] = {}
        self._tolerant: dict[str, dict[str, Field]] = {}
        self._bases: dict[str, dict[str, Field]] = {}
        self.wanted = min(2, len(contract.fields))
        labels = [label for field in contract.fields for label, _ in _labels(field)]
        self._longest = _DECORATION + max(map(len, labels), default=0)
        for field in contract.fields:
            for label, by in _labels(field):
                self._exact.setdefault(label, Meaning(field, by))
                plain = _plain(label)
                self._tolerant.setdefault(plain, {})[field.name] = field
                base, unit = _without_unit(plain)
                if not is_unit(unit):
                    base = plain  # A remark in brackets is part of the title.
                self._bases.setdefault(base, {})[field.name] = field

    def meaning(self, label: str) -> Meaning | None:
        """Return which column ``label`` means: exactly, or else as the only one it is like."""
        exact = self._exact.get(label.strip())
        if exact is not None or not label or len(label) > self._longest:
            return exact
        plain = _plain(label)
        if plain in self._tolerant:
            return _only(self._tolerant[plain])
        base, unit = _without_unit(plain)
        found = _only(self._bases.get(base, {}))
        return found and _with_unit(found.field, unit)

    def count(self, labels: Iterable[str]) -> int:
        """Return how many columns of the contract these labels name."""
        found = (self.meaning(label) for label in labels)
        return len({each.field.name for each in found if each})


def match(labels: Sequence[str], contract: Contract, place: Callable[[int], str]) -> Matched:
    """Say what the labels of a header mean.

    Args:
        labels: The header's cells.
        contract: Whose columns they name.
        place: Gives the pointer of the label at a position, from 0.

    Raises:
        UnitContradicts: labels state another unit than the contract.
    """
    names = Names(contract)
    meanings = [names.meaning(label) for label in labels]
    wrong = [
        (place(at), _contradiction(label, meaning, contract))
        for at, (label, meaning) in enumerate(zip(labels, meanings, strict=True))
        if meaning and meaning.contradicting
    ]
    if wrong:
        raise UnitContradicts(*wrong[0][1], wrong)
    pairs = list(zip(labels, meanings, strict=True))
    return Matched(
        header=tuple((label, each.field.name if each else label) for label, each in pairs),
        mapping=tuple(
            {
                "label": label,
                "field": each.field.name if each else None,
                "by": str(each.by) if each else None,
            }
            for label, each in pairs
        ),
        count=len({each.field.name for each in meanings if each}),
        notes=tuple(_notes(pairs)),
    )


def best_header(rows: Iterable[Sequence[str]], contract: Contract) -> HeaderRow | None:
    """Find the header among the first rows of a file, under whatever titles precede it.

    It is the row that names most columns, at least two of them (or all, where the contract has
    fewer); the first row with any text may name one only, since nothing but a header stands
    there when no other row is one. ``None`` if there is no such row.
    """
    names = Names(contract)
    counts = [names.count(row) for row in islice(rows, HEADER_ROWS)]
    return _best(counts, names.wanted)


def check_above(
    rows: Sequence[Sequence[str]],
    matched: Matched,
    contract: Contract,
    place: Callable[[int], str],
) -> None:
    """Refuse rows above a header that would be records below it: a table sorted with its header.

    Args:
        rows: All rows above, each from the header's first column on.
        matched: The header.
        contract: Which columns a record must fill.
        place: Gives the pointer of the row at a position, from 0.

    Raises:
        RecordsAboveHeader: all that is required is filled in some of them.
    """
    fields = [contract.field(name) for _, name in matched.header]
    needed = [at for at, field in enumerate(fields) if field and field.required]
    known = [at for at, field in enumerate(fields) if field]
    least = min(_RECORD_CELLS, len(known))
    records = [
        place(at)
        for at, row in enumerate(rows)
        if all(each < len(row) and row[each].strip() for each in needed)
        and sum(each < len(row) and bool(row[each].strip()) for each in known) >= least
    ]
    if records:
        raise RecordsAboveHeader(
            "表头之上有填满数据的行：表头可能在排序时被移到了中间。请把表头移到数据之上。",
            "Rows above the header are filled as records are: it may have been sorted into them. "
            "Move the header above all records.",
            records,
        )


def no_header(contract: Contract, where: str) -> NoHeader:
    """Return the refusal of a table without a header of the contract's."""
    expected = "、".join(field.title.zh for field in contract.fields[:3])
    return NoHeader(
        f"前 {HEADER_ROWS} 行中没有一行是该数据规范的表头。"
        f"表头应写明各列的列名（如{expected}……），每列一格。",
        f"None of the first {HEADER_ROWS} rows is a header of the contract. A header names each "
        f"column in a cell of its own (such as {contract.fields[0].name}).",
        where,
    )


def _best(counts: Sequence[int], wanted: int) -> HeaderRow | None:
    most = max(counts, default=0)
    if most >= wanted:
        index, *rivals = (at for at, count in enumerate(counts) if count == most)
        return HeaderRow(index, most, tuple(rivals))
    if counts and counts[0]:
        return HeaderRow(0, counts[0])
    return None


def _labels(field: Field) -> list[tuple[str, By]]:
    titles = [(field.name, By.NAME), (field.title.zh.strip(), By.TITLE)]
    return [*titles, *((alias.strip(), By.ALIAS) for alias in field.aliases)]


def _plain(label: str) -> str:
    """Return a label without what does not tell columns apart."""
    folded = unicodedata.normalize("NFKC", label).translate(_PLAIN).casefold()
    return "".join(folded.split()).strip("*")


def _without_unit(plain: str) -> tuple[str, str]:
    if not plain.endswith(")"):
        return plain, ""
    base, bracket = split_unit(plain)
    return base.strip("*"), unit_of(bracket)


def _only(found: Mapping[str, Field]) -> Meaning | None:
    """Return the meaning of a label that is like those of one column and no other."""
    return Meaning(next(iter(found.values())), By.TOLERANT) if len(found) == 1 else None


def _with_unit(field: Field, unit: str) -> Meaning | None:
    """Return what a label in brackets of which stands ``unit`` means, if it is a unit at all."""
    if not unit or (field.unit and unit_of(field.unit) == unit):
        return Meaning(field, By.TOLERANT)
    has_unit = field.unit is not None or field.unit_field is not None
    return Meaning(field, By.TOLERANT, unit) if has_unit and is_unit(unit) else None


def _contradiction(label: str, meaning: Meaning, contract: Contract) -> Text:
    field = meaning.field
    holder = contract.field(field.unit_field) if field.unit_field else None
    if holder is not None:
        return Text(
            f"列“{label}”的表头写了单位，而该数据规范的单位由“{holder.title.zh}”列逐行给出。"
            "请删去表头中的单位，并核对各行的单位。",
            f'The header "{label}" states a unit, but the contract takes it from the column '
            f'"{holder.name}", row by row. Remove it from the header and check the rows.',
        )
    return Text(
        f"列“{label}”的单位是{meaning.contradicting}，数据规范要求{field.unit}。"
        f"平台不换算金额：请把数值换算成{field.unit}，并改正表头。",
        f'The header "{label}" says {meaning.contradicting} where the contract says {field.unit}. '
        f"Nothing is converted here: state the figures in {field.unit} and mend the header.",
    )


def _notes(pairs: Sequence[tuple[str, Meaning | None]]) -> Iterable[Mapping[str, str]]:
    for by, zh, en in (
        (By.ALIAS, "按数据规范声明的别名识别的表头", "Headers recognised by declared aliases"),
        (By.TOLERANT, "写法略有出入、仍能唯一对应的表头", "Headers written a little differently"),
    ):
        found = [(label, each.field) for label, each in pairs if each and each.by is by]
        if found:
            shown = [(" ".join(label.split()), field) for label, field in found[:_SHOWN]]
            more = "……" if len(found) > _SHOWN else ""
            yield note(
                f"{by}-header",
                f"{zh}：" + "、".join(f"“{one}”→{field.title.zh}" for one, field in shown) + more,
                f"{en}: " + ", ".join(f'"{one}" is {field.name}' for one, field in shown) + more,
            )
