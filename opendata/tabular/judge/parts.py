"""A whole table judged in parts: the same verdict as Frictionless alone, found faster."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frictionless import Check, Checklist, FrictionlessException
from frictionless.formats import CsvControl
from frictionless.resources import TableResource

from opendata.tabular.certify.model import Column
from opendata.tabular.checks.table import TableCheck
from opendata.tabular.judge.bench import Bench
from opendata.tabular.judge.cautions import CautionKinds
from opendata.tabular.judge.fast import Pass, Source
from opendata.tabular.judge.gathered import FewRows
from opendata.tabular.judge.log import ErrorLog
from opendata.tabular.judge.plan import NotPlain, compiled
from opendata.tabular.judge.references import Reference
from opendata.tabular.judge.rows import RowJudge, Table
from opendata.tabular.judge.words import Words
from opendata.tabular.scan import Block

Progress = Callable[[int], None]
_DELIMITERS = frozenset(",;\t|")
# With so few rows it takes longer to find out which are suspect than to collect them all.
FEW_ROWS = 200


@dataclass(frozen=True, slots=True)
class Case:
    """A table to be judged and what it is judged by.

    ``resource`` is the file, or only its header, as Frictionless sees it; ``checklist`` holds the
    checks that refuse, ``kinds`` those that do not.
    """

    resource: TableResource
    checklist: Checklist
    kinds: CautionKinds
    words: Words
    folder: Path | None
    progress: Progress | None = None


def opened(case: Case) -> TableResource:
    """Let Frictionless open the file and read its header.

    Raises:
        NotPlain: it is not written plainly enough to be taken apart; Frictionless alone judges.
    """
    resource = case.resource
    try:
        resource.to_descriptor(validate=True)
        # Opened with them, it would read the whole file to look up what they refer to.
        references, resource.schema.foreign_keys = resource.schema.foreign_keys, []
        resource.open()
        resource.schema.foreign_keys = references
        resource.header.get_expected_fields()
    except FrictionlessException as problem:
        raise NotPlain(problem.error.note) from problem
    resource.close()
    _check_plain(resource)
    return resource


def _check_plain(resource: TableResource) -> None:
    """Refuse a file whose records are not simply those of its lines after the first."""
    dialect, control = resource.dialect, resource.dialect.get_control("csv")
    labels = resource.labels
    told = {
        "format": resource.format == "csv",
        "encoding": resource.encoding in ("utf-8", "utf-8-sig"),
        "compression": not resource.compression and not resource.multipart,
        "expectations": not (resource.hash or resource.bytes or resource.fields or resource.rows),
        "header": dialect.header and dialect.header_rows == [1] and dialect.header_case,
        "rows": not (dialect.comment_char or dialect.comment_rows or dialect.skip_blank_rows),
        "labels": 0 < len(labels) == len(resource.header.get_expected_fields()),
        "control": isinstance(control, CsvControl) and _is_plain(control),
    }
    wrong = [name for name, plain in told.items() if not plain]
    if wrong:
        raise NotPlain(", ".join(wrong))


def _is_plain(control: CsvControl) -> bool:
    return (
        control.delimiter in _DELIMITERS
        and control.quote_char == '"'
        and control.double_quote
        and control.escape_char is None
        and control.null_sequence is None
        and not control.skip_initial_space
    )


def judged(case: Case, source: Source) -> ErrorLog:
    """Judge an ``opened`` case, block by block, and return its errors.

    Raises:
        NotPlain: a rule or a column is beyond the column engine; Frictionless alone judges.
        Unreadable: a block is no text, or its quotes are broken.
    """
    resource, log = case.resource, ErrorLog(case.folder)
    checks = case.checklist.connect(resource)
    for check in case.kinds.checks:
        check.connect(resource)
    scope = frozenset(case.checklist.scope)
    started = _started(checks, case.checklist)
    rules = checks[1:]
    fields = resource.header.get_expected_fields()
    judge = RowJudge(_table(resource), rules, scope)
    plan = compiled(fields, rules, case.kinds.checks)
    for error in started:
        log.at_start(case.words.add(error, None))
    judging = Pass(Bench(plan, judge, case.kinds, log, case.words, case.folder), source)
    resource.stats.rows = _run(judging, source, case)
    _conclude(judging, checks, case)
    return log


def _started(checks: list[Check], checklist: Checklist) -> list[dict[str, Any]]:
    """Return what the header and the start give; a check that cannot be applied is left out.

    As ``Resource.validate`` does it, the list shrinking under its own iteration included.
    """
    found = []
    for index, check in enumerate(checks):
        for error in check.validate_start():
            if error.type == "check-error":
                del checks[index]
            if checklist.match(error):
                found.append(error.to_descriptor())
    return found


def _table(resource: TableResource) -> Table:
    fields = resource.header.get_expected_fields()
    names = {field.name for field in fields}
    primary_key = tuple(resource.schema.primary_key)
    return Table(
        fields=fields,
        unique=tuple(each.name for each in fields if each.constraints.get("unique")),
        primary_key=primary_key if names.issuperset(primary_key) else (),
        references=tuple(_references(resource, names)),
    )


def _references(resource: TableResource, names: set[str]) -> Iterator[Reference]:
    """Yield the foreign keys; a table that stands alone can refer to itself only."""
    for each in resource.schema.foreign_keys:
        fields, source = tuple(each["fields"]), tuple(each["reference"]["fields"])
        name = each["reference"]["resource"]
        if name not in ("", resource.name):
            raise NotPlain("foreign keys to another table")
        if names.issuperset(fields):
            yield Reference(fields, source, name)


def _run(judging: Pass, source: Source, case: Case) -> int:
    """See every block, then what ties rows together; return the number of rows."""
    rows = 0
    # Closed in this order, or what went wrong would be hidden by a generator still at work.
    with closing(source.blocks()) as blocks, closing(_ahead(blocks)) as ahead:
        for block in ahead:
            judging.see(block)
            rows += block.rows
            if case.progress is not None:
                case.progress(block.offset + block.length)
    judging.compare()
    return rows


def _ahead(blocks: Iterator[Block]) -> Generator[Block]:
    """Let the next block be read and proven while one is judged."""
    with ThreadPoolExecutor(1, "scan") as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block


def _conclude(judging: Pass, checks: Sequence[Check], case: Case) -> None:
    """Let rules over several rows have the rows they need, and every check its last word."""
    bench = judging.bench
    columns = {each.field.name: each for each in bench.plan.columns}
    few = _few(judging)
    for check in (*checks, *case.kinds.checks):
        if isinstance(check, TableCheck):
            _collect(check, judging, columns, few)
    for check in checks:
        for error in check.validate_end():
            if bench.judge.in_scope(error):
                bench.log.at_end(judging.worded(error.to_descriptor()))
    case.kinds.finish()


def _few(judging: Pass) -> FewRows | None:
    """Return all rows, where they are so few that every rule has them all."""
    gathered = judging.gathered
    if not 0 < gathered.rows <= FEW_ROWS:
        return None
    return FewRows(gathered.whole(), judging.bench.judge.reader)


def _collect(
    check: TableCheck, judging: Pass, columns: Mapping[str, Column], few: FewRows | None
) -> None:
    names = check.gathered_fields
    if check.lacks_context or not all(name in columns for name in names):
        return
    for row, values in few.of(names) if few else _suspected(check, judging, columns):
        check.collect(row, values)


def _suspected(
    check: TableCheck, judging: Pass, columns: Mapping[str, Column]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows in which a rule may find something, each with what the rule looks at."""
    names = check.gathered_fields
    frame = judging.gathered.frame(names)
    suspects = check.suspects(frame, columns) if frame.height else None
    if suspects is not None:
        frame = frame.filter(suspects)
    readers = [judging.bench.judge.reader(name) for name in names]
    for row, *texts in frame.iter_rows():
        yield (
            row,
            {
                name: reader(text)[0]
                for name, reader, text in zip(names, readers, texts, strict=True)
            },
        )
