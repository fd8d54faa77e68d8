"""Files of administrative penalties of any size, as long and as awkward as real ones are.

They are made of the illustrative package that ships: its cases are sound under every rule of the
contract. Only who decided, about whom, under which number and at what length is varied. Everything
is invented, and says so in its names. The same arguments give the same bytes on every machine::

    python -m benchmarks.penalties 1000000 penalties.csv --bad 0.01
"""

import argparse
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path

from benchmarks.damage import Damage
from datasets.build.invention import Draw, credit_code
from datasets.build.penalty_cases import AUTHORITIES, SHOPS, TRADES, WORDS

SAMPLE = Path(__file__).parents[1] / "datasets" / "administrative-penalties-sample" / "data.csv"
BATCH_ROWS = 10_000
DISTRICTS = 25
PARTIES = 4_000
# Steps through the pools; primes, so that all combinations come up before one comes again.
_DISTRICT_STEP, _PARTY_STEP, _CASE_STEP = 7, 7_919, 1_009
# Every so many rows one is about a second party of the decision before it.
_SECOND_PARTY = 25
_NUMBER = "0000000000"

_PROSE = (
    "；执法人员出示证件并告知权利，当场制作现场笔录、询问笔录并拍照取证，当事人对事实没有异议",
    "。当事人陈述称“进货时未留意”，申辩意见经复核不予采纳；有现场照片、送货单、询问笔录等，"
    "证据之间相互印证",
    '。当事人自称"不知情"，并提交了整改报告、进货台账和供货商资质, 经核实与现场情况相符',
    "；该行为违反了有关规定，鉴于当事人配合调查并及时改正，结合违法情节和社会危害程度，依法裁量",
)
# One decision in so many is written in paragraphs.
_PARAGRAPHS = 12
_PARAGRAPH = "。\n本机关依法告知拟作出处罚的事实、理由和依据，当事人未提出陈述、申辩，也未要求听证"


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the sample, cut where other words are put in; each piece is CSV already."""

    bureau: str
    year: str
    kind: str
    until: date
    violation: str
    facts: tuple[str, str]
    rest: str
    end: str


def write(path: Path, rows: int, *, bad: float = 0.0, seed: int = 1) -> int:
    """Write a file of ``rows`` rows in which ``bad`` (0 to 1) of all cells are wrong.

    Returns:
        How many cells are wrong.
    """
    damage = Damage(columns(), bad, seed) if bad else None
    _write(path, _lines(range(rows), _cases(), seed), damage)
    return damage.done if damage else 0


def write_part(path: Path, numbers: range, day: date) -> None:
    """Write the rows of these numbers, all of which are still public on ``day``.

    Files of numbers that do not overlap have no key in common: they are parts of one collection.
    """
    cases = [each for each in _cases() if each.until >= day]
    if not cases:
        message = f"no case of {SAMPLE} is public any more on {day}"
        raise ValueError(message)
    _write(path, _lines(numbers, cases, 1), None)


def columns() -> list[str]:
    """Return the names of the columns, in order."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def publishers() -> frozenset[str]:
    """Return everybody who publishes in these files."""
    return frozenset(name for bureaus in _bureaus().values() for name, _ in bureaus)


def _write(path: Path, lines: Iterator[str], damage: Damage | None) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(columns()) + "\n")
        while batch := list(islice(lines, BATCH_ROWS)):
            file.write("".join(damage.done_to(batch) if damage else batch))


def _lines(numbers: Iterable[int], cases: Sequence[Case], seed: int) -> Iterator[str]:
    """Yield the records one by one.

    This is the loop that is run ten million times: it looks up and joins what was made before.
    """
    bureaus, parties = _bureaus(), _parties()
    for at in numbers:
        party = 2 if at % _SECOND_PARTY == _SECOND_PARTY - 1 else 1
        decision = at - party + 1
        step = decision + seed
        case = cases[step * _CASE_STEP % len(cases)]
        name, code = bureaus[case.bureau][step * _DISTRICT_STEP % DISTRICTS]
        number = f"{case.year}〕{decision:010}号"
        yield (
            f"{name},{code},{number},{party},"
            f"{parties[case.kind][(at + seed) * _PARTY_STEP % PARTIES]},"
            f"{case.violation},{case.facts[0]}{decision:010}{case.facts[1]},{case.rest},"
            f"{name},{code},{case.end}\n"
        )


@cache
def _cases() -> list[Case]:
    found = []
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        at = {name: number for number, name in enumerate(next(reader))}
        for number, row in enumerate(reader):
            text = _long(row[at["facts"]], number)
            before, _, after = _csv([text]).partition(_NUMBER)
            rest = row[at["facts"] + 1 : at["source_unit_name"]]
            found.append(
                Case(
                    bureau=row[at["authority_name"]],
                    year=row[at["decision_number"]].partition("〕")[0],
                    kind=row[at["counterparty_type"]],
                    until=date.fromisoformat(row[at["public_until"]]),
                    violation=_csv([row[at["violation_type"]]]),
                    facts=(before, after),
                    rest=_csv(rest),
                    end=_csv(row[at["source_unit_uscc"] + 1 :]),
                )
            )
    return found


def _long(facts: str, number: int) -> str:
    """Make of a dozen words what a decision really has, commas, quotes and line ends included."""
    said = [_PROSE[(number + step) % len(_PROSE)] for step in range(1 + number % 3)]
    if number % _PARAGRAPHS == 0:
        said.append(_PARAGRAPH)
    return f"现场笔录第{_NUMBER}号记载：{facts}{''.join(said)}。"


@cache
def _bureaus() -> dict[str, list[tuple[str, str]]]:
    """Return name and code of each authority's offices in the districts of nowhere."""
    return {
        each.name: [
            (
                each.name.replace("示例市", f"示例市第{district}区"),
                credit_code("11", Draw("bureau", each.mark, district)),
            )
            for district in range(1, DISTRICTS + 1)
        ]
        for each in AUTHORITIES
    }


@cache
def _parties() -> dict[str, list[str]]:
    """Return the twelve columns about a party, by the kind of party."""
    return {
        "法人及非法人组织": [_company(Draw("company", each)) for each in range(PARTIES)],
        "个体工商户": [_business(Draw("business", each)) for each in range(PARTIES)],
        "自然人": [_person(each) for each in range(PARTIES)],
    }


def _company(draw: Draw) -> str:
    name = f"示例市{draw.pick(WORDS)}{draw.pick(WORDS)}{draw.pick(TRADES)}有限公司（虚构）"
    return f"{name},法人及非法人组织,{credit_code('91', draw)},,,,,,王某某,,,,"


def _business(draw: Draw) -> str:
    name = f"示例区{draw.pick(WORDS)}{draw.pick(WORDS)}{draw.pick(SHOPS)}（虚构）"
    return f"{name},个体工商户,{credit_code('92', draw)},,,,,,,,,,"


def _person(number: int) -> str:
    return f"王*{'甲乙丙丁戊己庚辛壬癸'[number % 10]},自然人,,,,,,,,,,,"


def _csv(cells: Sequence[str]) -> str:
    text = io.StringIO()
    # The writer quotes a line end only where lines end so.
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()[:-1]


def main() -> None:
    """Write a file as the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.penalties")
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--bad", type=float, default=0.0, help="share of the cells that are wrong")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    wrong = write(asked.file, asked.rows, bad=asked.bad, seed=asked.seed)
    print(f"{asked.file}: {asked.rows:,} rows, {asked.file.stat().st_size:,} bytes, {wrong:,} bad")


if __name__ == "__main__":
    main()
