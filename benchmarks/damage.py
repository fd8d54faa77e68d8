"""What goes wrong in cells, in every column: a share of a file's cells is made wrong."""

import csv
import io
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence

Row = list[str]
# Each is given a row and the position of the cell, and makes it wrong.
Fault = Callable[[Row, int], None]


def put(text: str) -> Fault:
    """Return the fault of writing ``text``, whatever was there."""

    def fault(row: Row, at: int) -> None:
        row[at] = text

    return fault


def too_long(most: int) -> Fault:
    """Return the fault of writing one character more than a column takes."""
    return put("过" * (most + 1))


def misprint(row: Row, at: int) -> None:
    """Change the check character of a credit code, or write none where there was none."""
    row[at] = (row[at][:-1] + ("0" if row[at][-1:] != "0" else "1")) if row[at] else "无"


def small(row: Row, at: int) -> None:
    """Write a credit code in small letters, or with a space where it has no letters."""
    text = row[at] or "无"
    row[at] = text.lower() if text.lower() != text else f" {text}"


_CODE = (misprint, small, put("111111111111111111"), put("统一代码不详"))
_DATE = tuple(
    map(put, ("2024/05/06", "2024-13-01", "2024-02-30", "24-05-06", "二〇二四年", "1066-10-14"))
)
_AMOUNT = tuple(
    map(put, ("五千", "1,000", "NaN", "-1", "0.1234567", "1000000000000", "inf", "12.0元"))
)


def _coded(required: bool) -> tuple[Fault, ...]:
    return (put("不详"), put("PUBLISHED"), *((put(""),) if required else ()))


def _text(most: int, *, required: bool) -> tuple[Fault, ...]:
    # What is too long is rare where it is large: it would make the file another file.
    return (*([put("")] * 7 if required else []), too_long(most))


FAULTS: Mapping[str, tuple[Fault, ...]] = {
    "authority_name": (put(""), put("局"), too_long(200)),
    "authority_uscc": (put(""), *_CODE),
    "decision_number": (put(""), put("无"), too_long(128)),
    "party_no": tuple(map(put, ("", "0", "10000", "1.5", "一", "1e3", "0x1F"))),
    "counterparty_name": (put(""), put("某"), too_long(200)),
    "counterparty_type": _coded(required=True),
    "counterparty_uscc": _CODE,
    "counterparty_reg_no": (too_long(50),),
    "counterparty_org_code": (too_long(9),),
    "counterparty_tax_no": (too_long(15),),
    "counterparty_institution_no": (too_long(12),),
    "counterparty_society_no": (too_long(50),),
    "legal_representative": (too_long(50),),
    "legal_rep_id_type": (too_long(50),),
    "legal_rep_id_no": (too_long(64),),
    "person_id_type": (too_long(50),),
    "person_id_no": (too_long(64),),
    "violation_type": _text(2000, required=True),
    "facts": _text(4000, required=True),
    "legal_basis": _text(2000, required=True),
    "penalty_types": tuple(map(put, ("", "罚金", "罚款；警告", "罚款;", "其他-", "罚款 "))),
    "penalty_content": _text(4000, required=True),
    "fine_amount": _AMOUNT,
    "confiscated_amount": _AMOUNT,
    "licence_affected": (too_long(200),),
    "decision_date": (put(""), *_DATE),
    "effective_until": _DATE,
    "public_until": (put(""), *_DATE),
    "window_rule": _coded(required=False),
    "source_unit_name": (put(""), too_long(200)),
    "source_unit_uscc": (put(""), *_CODE),
    "procedure": _coded(required=True),
    "severity_class": _coded(required=False),
    "publication_necessity_reason": (too_long(500),),
    "sector": _coded(required=True),
    "status": (put("不详"), put("Published"), put("")),
    "status_date": _DATE,
    "status_reason": (too_long(500),),
    "remark": (too_long(512),),
}


class Damage:
    """Makes a share of the cells wrong, evenly over the columns and over the kinds of faults."""

    def __init__(self, columns: Sequence[str], share: float, seed: int) -> None:
        """Begin before the first row; ``share`` lies between 0 and 1, without them."""
        self._faults = [FAULTS[name] for name in columns]
        self._scale = 1 / math.log1p(-share)
        self._random = random.Random(seed)  # noqa: S311 - nothing here is secret.
        self._next = self._gap()
        self._past = 0
        self.done = 0

    def done_to(self, lines: Sequence[str]) -> Iterator[str]:
        """Yield the records, each with what goes wrong in it."""
        width = len(self._faults)
        for line in lines:
            end = self._past + width
            yield line if self._next >= end else self._damaged(line, end)
            self._past = end

    def _damaged(self, line: str, end: int) -> str:
        row = next(csv.reader(io.StringIO(line, newline="")))
        while self._next < end:
            at = self._next - self._past
            faults = self._faults[at]
            faults[self.done % len(faults)](row, at)
            self.done += 1
            self._next += 1 + self._gap()
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(row)
        return text.getvalue()

    def _gap(self) -> int:
        """Return how many cells stay right before the next wrong one.

        ``random()`` is the one method whose sequence Python promises to keep.
        """
        return int(math.log(1.0 - self._random.random()) * self._scale)
