"""The first sheet 校验结果: the verdict, counts per rule, every finding with a link to its cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from unicodedata import east_asian_width

from opendata.domain.errors import Text
from opendata.domain.privacy import Flag
from opendata.tabular.annotate.account import Account, Kind
from opendata.tabular.annotate.findings import Finding
from opendata.tabular.annotate.places import Cell

SHEET_NAME = "校验结果"
# Of the columns, in characters.
WIDTHS = (36, 24, 28, 58, 58, 44)
_LONGEST_TEXT = 2_000
_LINE_POINTS, _TITLE_POINTS, _MOST_POINTS = 16, 26, 409


class Style(IntEnum):
    """How a cell of the first sheet looks."""

    TEXT = 0
    TITLE = 1
    HEAD = 2
    LINK = 3
    ERROR = 4
    CAUTION = 5
    SENTENCE = 6

    @property
    def wraps(self) -> bool:
        """Whether its text keeps to its column; else it runs on over the empty ones beside it."""
        return self not in (Style.TITLE, Style.SENTENCE)


@dataclass(frozen=True, slots=True)
class Written:
    """A cell of the first sheet; ``target`` is the cell of the marked sheet that it leads to."""

    text: str
    style: Style = Style.TEXT
    target: Cell | None = None


Row = tuple[Written, ...]


def rows(account: Account, about: Text) -> Iterator[Row]:
    """Yield the rows of the first sheet; ``about`` says what the other sheets are."""
    yield from _verdict(account)
    yield (Written(about.zh, Style.SENTENCE),)
    yield (Written(about.en, Style.SENTENCE),)
    yield (Written("错误 Error", Style.ERROR), Written("提示 Caution", Style.CAUTION))
    yield ()
    if account.outcome.flags:
        yield _heads(
            "个人信息和国家秘密标志 Flags", "格数 Cells", "行 Lines", "说明", "Meaning", ""
        )
        yield from map(_flag, account.outcome.flags)
        yield ()
    if account.kinds:
        yield _heads(
            "种类 Kind", "处数 Count", "规则 Rule", "怎样处理 What to do", "", "依据 Basis"
        )
        yield from map(_kind, account.kinds)
        yield ()
    if account.findings:
        yield _heads(
            "位置 Place", "列 Column", "值 Found", "问题", "Problem", "规则，依据 Rule, basis"
        )
        yield from map(_finding, account.findings)


def height(row: Row) -> int:
    """Return how high a row has to be, in points: not every program works it out by itself."""
    lines = [
        sum(1 + _extent(line) // (width - 2) for line in cell.text.split("\n"))
        for cell, width in zip(row, WIDTHS, strict=False)
        if cell.style.wraps
    ]
    least = _TITLE_POINTS if any(cell.style is Style.TITLE for cell in row) else _LINE_POINTS
    return min(_MOST_POINTS, max(least, _LINE_POINTS * max(lines, default=1)))


def _extent(text: str) -> int:
    """Return the width of a text in characters of the Latin alphabet."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _verdict(account: Account) -> Iterator[Row]:
    outcome = account.outcome
    counts = outcome.counts
    yield (Written(f"{SHEET_NAME} Validation result", Style.TITLE),)
    yield (Written("文件 File"), Written(outcome.filename))
    verdict = Written("合格 VALID") if outcome.valid else Written("不合格 INVALID", Style.ERROR)
    yield (Written("结论 Verdict"), verdict)
    cautions = sum(each["count"] for each in outcome.cautions)
    yield (
        Written("行、错误、提示 Rows, errors, cautions"),
        Written(f"{counts['rows']:,} / {counts['errors']:,} / {cautions:,}"),
    )
    shown, every = len(account.findings), counts["errors"] + cautions
    if shown < every:
        yield (
            Written(
                f"共 {every:,} 处，以下列出并标出 {shown:,} 处，其余 {every - shown:,} 处未标；"
                "全部错误见 report.json。",
                Style.SENTENCE,
            ),
        )
        yield (
            Written(
                f"{every:,} findings: {shown:,} are listed and marked, {every - shown:,} are not; "
                "report.json has every error.",
                Style.SENTENCE,
            ),
        )


def _heads(*texts: str) -> Row:
    return tuple(Written(each, Style.HEAD) for each in texts)


def _kind(kind: Kind) -> Row:
    look = Style.ERROR if kind.severity == "error" else Style.CAUTION
    count = f"{kind.count:,}"
    return (
        Written(f"{kind.title.zh} {kind.title.en}", look),
        Written(count, Style.LINK, kind.first) if kind.first else Written(count),
        Written(kind.rule or ""),
        Written(kind.advice.zh),
        Written(kind.advice.en),
        Written(kind.basis or ""),
    )


def _flag(flag: Flag) -> Row:
    look = Style.ERROR if flag.strong else Style.CAUTION
    more = " …" if flag.count > len(flag.lines) else ""
    return (
        Written(f"{flag.kind.label.zh} {flag.kind.label.en}", look),
        Written(f"{flag.count:,}"),
        Written(", ".join(map(str, flag.lines)) + more),
        Written(flag.message.zh),
        Written(flag.message.en),
    )


def _finding(finding: Finding) -> Row:
    place = f"{finding.place.zh} {finding.place.en}"
    target = next((each for each in finding.cells if each.fits), None)
    grounds = "，".join(each for each in (finding.rule, finding.basis) if each)
    return (
        Written(place, Style.LINK, target) if target else Written(place),
        Written(finding.column),
        Written(_shortened(finding.value)),
        Written(_shortened(finding.message.zh)),
        Written(_shortened(finding.message.en)),
        Written(grounds),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
