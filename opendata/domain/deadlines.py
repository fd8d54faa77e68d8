"""By when publication is due: the rules that collections name, in words, and as a day if it can be.

Most terms run from something in the records (a decision, an approval): the day is theirs, and is
not one day of the dataset. Where the law names a day of the year it is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from opendata.domain.errors import Text


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One rule: its term and basis; ``day`` is the month and day after the year it is about."""

    id: str
    term: Text
    basis: str
    day: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due for one dataset; ``due`` is ``None`` where it depends on the records."""

    rule: DeadlineRule
    due: date | None


_GENERAL = DeadlineRule(
    "PRO-2019",
    Text("信息形成或者变更之日起 20 个工作日内", "20 working days after it was made or changed"),
    "《政府信息公开条例》第二十六条",
)
_RULES = (
    _GENERAL,
    DeadlineRule(
        "PEN-7",
        Text("作出行政决定之日起 7 个工作日内", "7 working days after the decision"),
        "发改办财金〔2018〕424号",
    ),
    DeadlineRule(
        "PRJ-20",
        Text("信息形成或者变更之日起 20 个工作日内，行政许可、行政处罚 7 个工作日内",
             "20 working days after it was made or changed; 7 for licences and penalties"),
        "国办发〔2017〕94号",
    ),
    DeadlineRule(
        "BUD-GOV",
        Text("人民代表大会或者其常务委员会批准后 20 日内", "20 days after the approval"),
        "《预算法》第十四条第一款",
    ),
    DeadlineRule(
        "AR-GOV",
        Text("次年 3 月 31 日前", "by 31 March of the year after"),
        "《政府信息公开条例》第四十九条",
        (3, 31),
    ),
)  # fmt: skip
RULES: Mapping[str, DeadlineRule] = {each.id: each for each in _RULES}


def deadline(rule: str | None, period: str) -> Deadline:
    """Return what is due for a dataset of ``period``; the general rule where none is known.

    >>> deadline("AR-GOV", "2025").due
    datetime.date(2026, 3, 31)
    """
    found = RULES.get(rule or "", _GENERAL)
    if found.day is None or not period[:4].isdecimal():
        return Deadline(found, None)
    return Deadline(found, date(int(period[:4]) + 1, *found.day))
