"""What the scan of a file raises: natural persons' identifiers, and classification markings.

A flag is for those who review. It says what, in which column and how often, and never quotes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from opendata.domain.errors import Text


class Kind(StrEnum):
    """What was found."""

    RESIDENT_ID = "resident-id"
    MOBILE = "mobile"
    BANK_CARD = "bank-card"
    PASSPORT = "passport"
    PLATE = "plate"
    E_MAIL = "e-mail"
    HOME_ADDRESS = "home-address"
    PERSON_NAME = "person-name"
    MARKING = "classification-marking"

    @property
    def label(self) -> Text:
        """What it is called."""
        return _LABELS[self]


_LABELS = {
    Kind.RESIDENT_ID: Text("居民身份证号", "a resident identity number"),
    Kind.MOBILE: Text("手机号", "a mobile number"),
    Kind.BANK_CARD: Text("银行卡号", "a bank card number"),
    Kind.PASSPORT: Text("护照、通行证等证件号码", "a passport, permit or document number"),
    Kind.PLATE: Text("机动车号牌", "a vehicle plate"),
    Kind.E_MAIL: Text("个人邮箱", "a personal e-mail address"),
    Kind.HOME_ADDRESS: Text("住宅地址", "a home address"),
    Kind.PERSON_NAME: Text("未隐去的人名", "an unmasked name of a person"),
    Kind.MARKING: Text("国家秘密标志", "a classification marking"),
}


# What nobody may publish of a person, whatever reason is given.
BARRED = frozenset({Kind.RESIDENT_ID, Kind.PASSPORT})


class Where(StrEnum):
    """In which part of a file: its cells, or what stands around the table."""

    CELL = "cell"
    HEADING = "heading"
    NOTE = "note"
    SHEET = "sheet"
    DESCRIPTION = "description"
    FILE_NAME = "file-name"
    SUBMISSION_NOTES = "submission-notes"

    @property
    def label(self) -> Text:
        """What it is called."""
        return _PLACES[self]


_PLACES = {
    Where.CELL: Text("单元格", "cells"),
    Where.HEADING: Text("表头或其上方", "the header or the rows above it"),
    Where.NOTE: Text("表格下方的说明", "the notes below the table"),
    Where.SHEET: Text(
        "工作表名称、页眉页脚、文本框、图表、批注、提示、文档属性或其他工作表",
        "sheet names, page headers, text boxes, charts, comments, prompts, properties or other "
        "sheets",
    ),
    Where.DESCRIPTION: Text(
        "数据包的描述，压缩包的注释或其他成员",
        "the package's description, or the archive's comment or other members",
    ),
    Where.FILE_NAME: Text("文件名", "the file's name"),
    Where.SUBMISSION_NOTES: Text("报送的说明（notes）", "the submission's notes"),
}


@dataclass(frozen=True, slots=True)
class Flag:
    """All that was found of one kind in one column, or in one place around the table.

    ``count`` is the number of cells; ``rows`` are the first row numbers, at most 20, as reports
    number them, and ``lines`` their lines in the file as received. ``strong``: no mere likeness.
    What is only like an identity document's number is a flag of its own.
    """

    kind: Kind
    field: str | None
    count: int
    rows: tuple[int, ...]
    lines: tuple[int, ...]
    strong: bool
    where: Where = Where.CELL

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Flag":
        """Read a flag as ``as_dict`` wrote it."""
        return cls(
            kind=Kind(body["kind"]),
            field=body["field"],
            count=body["count"],
            rows=tuple(body["rows"]),
            lines=tuple(body["lines"]),
            strong=body["strong"],
            where=Where(body["where"]),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the flag as it is stored and shown; it holds no cell values."""
        return {
            "kind": self.kind.value,
            "field": self.field,
            "count": self.count,
            "rows": list(self.rows),
            "lines": list(self.lines),
            "strong": self.strong,
            "where": self.where.value,
        }

    @property
    def is_barred(self) -> bool:
        """Whether no reason whatever lets it be published: the number of an identity document."""
        return self.strong and self.kind in BARRED

    @property
    def message(self) -> Text:
        """What is said of it to people; no cell values."""
        what, where = self.kind.label, self.where.label
        is_column = self.where is Where.CELL and self.field
        if self.kind is Kind.MARKING:
            place = f"“{self.field}”列" if is_column else where.zh
            spot = f"column {self.field}" if is_column else where.en
            return Text(
                f"{place}有{what.zh}，共 {self.count} 处；在主管部门凭解密依据放行之前不进入审查。",
                f"There is {what.en} in {spot} ({self.count}); it is not reviewed before a "
                "supervisor clears it with the reference of its declassification.",
            )
        sure = Text("有", "holds") if self.strong else Text("疑似有", "may hold")
        if not is_column:
            return Text(
                f"{where.zh}中{sure.zh}{what.zh}；说明随发布版本公开，请核实。",
                f"In {where.en}, which are published with the release, there "
                f"{'is' if self.strong else 'may be'} {what.en}.",
            )
        return Text(
            f"“{self.field}”列有 {self.count} 格{sure.zh}{what.zh}；公开前请核实，该隐去的隐去。",
            f"Column {self.field} {sure.en} {what.en} ({self.count} cells); look at them before "
            "publication.",
        )


def is_marked(flags: Iterable[Flag]) -> bool:
    """Whether a classification marking is among them."""
    return any(each.kind is Kind.MARKING for each in flags)


def need_reason(flags: Iterable[Flag]) -> bool:
    """Whether publication must be reasoned: a strong sign of personal data is among them."""
    return any(each.strong and each.kind is not Kind.MARKING for each in flags)
