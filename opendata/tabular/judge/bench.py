"""Who judges a row, and where what they find is kept."""

from dataclasses import dataclass
from pathlib import Path

from opendata.tabular.judge.cautions import CautionKinds
from opendata.tabular.judge.log import ErrorLog
from opendata.tabular.judge.plan import Plan
from opendata.tabular.judge.rows import RowJudge
from opendata.tabular.judge.words import Words


@dataclass(frozen=True, slots=True)
class Bench:
    """Those who judge a row, and where what they find is kept."""

    plan: Plan
    judge: RowJudge
    kinds: CautionKinds
    log: ErrorLog
    words: Words
    folder: Path | None
