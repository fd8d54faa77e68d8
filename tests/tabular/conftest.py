"""A small contract that uses everything a contract may use, built anew for each test."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from opendata.domain.contracts import Contract
from opendata.domain.findings import Judgement
from opendata.tabular.context import Context
from opendata.tabular.contract import load
from opendata.tabular.judge import Engine, Means, judge, parts
from opendata.tabular.readers import open_table, read
from opendata.tabular.text_table import TextTable, csv_line


@pytest.fixture(scope="session", autouse=True)
def _no_table_is_small() -> Iterator[None]:
    """Rules over several rows choose suspects in the smallest table too, or none here would."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "FEW_ROWS", 0)
        yield


def column(name: str, title: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    """Describe one column with everything a contract demands of it."""
    return {
        "name": name,
        "type": kind,
        "title": title,
        "titleEn": name.replace("_", " "),
        "description": f"{title}。",
        "descriptionEn": f"The {name}.",
        **more,
    }


REQUIRED = {"required": True}
CODES = [{"value": "fine", "label": "罚款"}, {"value": "warning", "label": "警告"}]
BOUNDS = {"minimum": 0, "maximum": 999_999_999}

SCHEMA: dict[str, Any] = {
    "fields": [
        column("agency_name", "处罚机关", example="某市市监局", constraints=REQUIRED),
        column("decided_year", "年度", "year", example=2020, constraints=REQUIRED),
        column(
            "serial",
            "序号",
            "integer",
            example=1,
            constraints=REQUIRED | {"minimum": 1, "maximum": 9999},
        ),
        column(
            "kind",
            "类别",
            example="fine",
            constraints=REQUIRED | {"enum": ["fine", "warning"]},
            categories=CODES,
        ),
        column("types", "处罚种类", example="罚款;警告"),
        column(
            "amount",
            "罚款金额",
            "number",
            example="434.72",
            constraints=BOUNDS,
            unit="万元",
            measure="fines",
            decimalPlaces=2,
        ),
        column("accepted", "受理日期", "date", example="2020-01-31"),
        column("decided", "决定日期", "date", example="2020-02-29", constraints=REQUIRED),
        column(
            "agency_code",
            "机关代码",
            example="91110000600037341L",
            constraints={"pattern": "[0-9A-Z]{18}"},
        ),
        column("is_person", "是否自然人", "boolean", example=True, constraints=REQUIRED),
        column("party", "当事人", example="张*三", constraints={"maxLength": 10}),
        column("party_id", "证件号码", example="x"),
        column("source", "来源", example="https://example.org/1", format="uri"),
    ],
    "primaryKey": ["agency_name", "decided_year", "serial"],
    "missingValues": [""],
}
CHECKLIST: dict[str, Any] = {
    "checks": [
        {"type": "agency", "name": "T-AGENCY", "fieldName": "agency_name", "basis": "条例第十条"},
        {"type": "period", "name": "T-PERIOD", "fieldName": "decided_year"},
        {"type": "decimals", "name": "T-DECIMALS", "places": {"amount": 2}},
        {"type": "uscc", "name": "T-USCC", "fieldName": "agency_code"},
        {
            "type": "required-when",
            "name": "T-FINE",
            "fieldNames": ["amount"],
            "when": {"fieldName": "kind", "equals": "fine"},
            "description": "罚款须写明金额。 / A fine has an amount.",
        },
        {
            "type": "empty-when",
            "name": "T-NO-FINE",
            "fieldNames": ["amount"],
            "when": {"fieldName": "kind", "equals": ["warning"]},
        },
        {"type": "not-after", "name": "T-ORDER", "fieldName": "accepted", "other": "decided"},
        {
            "type": "marked",
            "name": "T-MASK",
            "fieldName": "party",
            "pattern": "[*]",
            "when": {"fieldName": "is_person", "equals": True},
        },
        {
            "type": "row-constraint",
            "name": "T-SERIAL",
            "formula": "serial != 13",
            "basis": "编号规则",
        },
    ]
}
CAUTIONS: dict[str, Any] = {
    "checks": [
        {"type": "expected", "name": "T-SOURCE", "fieldName": "source", "basis": "条例第十二条"},
        {
            "type": "required-when",
            "name": "T-CONFISCATED",
            "fieldNames": ["amount"],
            "when": {"fieldName": "types", "contains": "没收"},
        },
    ]
}
COLLECTION = """\
title = "处罚"
title_en = "Penalties"
description = "测试用。"
description_en = "For tests."
period = "year"
period_field = "decided_year"
mode = "replace"
publisher_field = "agency_name"
default_sort = ["agency_name", "-decided_year"]
searchable = ["party"]
window_field = "decided"
[licence]
name = "CC-BY-4.0"
path = "https://creativecommons.org/licenses/by/4.0/"
title = "知识共享 署名 4.0"
[[deadline_rules]]
rule = "PEN-7"
trigger_field = "decided"
[personal]
party_id = "drop"
[measures.fines]
text = ["罚款金额（同一机关同一年度内可加）", "Fines"]
within = ["agency_name", "decided_year"]
never = { kind = ["warning"] }
also = [{ where = { kind = ["fine"] }, within = ["is_person"] }]
"""
# One row that keeps every rule; tests break it in one place.
GOOD: Mapping[str, str] = {
    "agency_name": "某市市监局",
    "decided_year": "2020",
    "serial": "1",
    "kind": "fine",
    "types": "罚款",
    "amount": "434.72",
    "accepted": "2020-01-31",
    "decided": "2020-02-29",
    "agency_code": "91110000600037341L",
    "is_person": "true",
    "party": "张*三",
    "party_id": "110101199001011234",
    "source": "https://example.org/1",
}
CONTEXT = Context(frozenset({"某市市监局"}), "2020", dataset="own")


@dataclass
class Declarations:
    """The four files of a contract as values, to be changed before they are written."""

    folder: Path
    schema: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(SCHEMA))
    checklist: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(CHECKLIST))
    cautions: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(CAUTIONS))
    collection: str = COLLECTION

    def column(self, name: str) -> dict[str, Any]:
        """Return the column called ``name``."""
        return next(each for each in self.schema["fields"] if each["name"] == name)

    def rule(self, name: str) -> dict[str, Any]:
        """Return the rule called ``name``."""
        rules = [*self.checklist["checks"], *self.cautions["checks"]]
        return next(each for each in rules if each["name"] == name)

    def write(self) -> Path:
        """Write the four files and return their folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("schema", "checklist", "cautions"):
            file = "table-schema.json" if name == "schema" else f"{name}.json"
            text = json.dumps(getattr(self, name), ensure_ascii=False)
            (self.folder / file).write_text(text, encoding="utf-8")
        (self.folder / "collection.toml").write_text(self.collection, encoding="utf-8")
        return self.folder

    def load(self) -> Contract:
        """Load what was declared."""
        return load(self.write())


@pytest.fixture
def declarations(tmp_path: Path) -> Declarations:
    """A usable contract, not yet written."""
    return Declarations(tmp_path / "schemas" / "penalties" / "v1")


@pytest.fixture
def contract(declarations: Declarations) -> Contract:
    """The usable contract, loaded."""
    return declarations.load()


def csv_text(*rows: Mapping[str, str]) -> str:
    """Write rows as a CSV with machine names; what a row leaves out is as in ``GOOD``."""
    lines = [csv_line(list(GOOD))]
    lines += [csv_line([(GOOD | dict(row))[name] for name in GOOD]) for row in rows]
    return "\n".join(lines) + "\n"


Reader = Callable[[str | bytes], TextTable]
Judge = Callable[..., Judgement]


@pytest.fixture
def reading(contract: Contract, tmp_path: Path) -> Reader:
    """A function that reads text or bytes as a received file."""

    def run(content: str | bytes) -> TextTable:
        path = tmp_path / "received.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path, contract, tmp_path / "canonical.csv")

    return run


@pytest.fixture
def judging(contract: Contract, tmp_path: Path) -> Judge:
    """A function that reads and judges rows (changes of ``GOOD``) or a whole text."""

    def run(
        *rows: Mapping[str, str], text: str = "", context: Context | None = CONTEXT
    ) -> Judgement:
        content = (text or csv_text(*rows)).encode()
        return judged_twice(content, contract, context, tmp_path)

    return run


def judged_twice(
    content: bytes, contract: Contract, context: Context | None, folder: Path
) -> Judgement:
    """Judge a file in parts and by Frictionless alone; both must say the same."""
    path = folder / "received.csv"
    path.write_bytes(content)
    said = []
    for engine in Engine:
        table = open_table(path, contract, folder / "canonical.csv")
        said.append(judge(table, contract, context, Means(engine)))
    parts, alone = said
    assert (parts.outline["engine"], alone.outline["engine"]) == tuple(Engine)
    assert _untimed(parts) == _untimed(alone)
    assert parts.cautions == alone.cautions
    assert parts.provenance == alone.provenance
    return parts


def _untimed(judgement: Judgement) -> dict[str, Any]:
    report = judgement.report
    for part in (report, *report["tasks"]):
        part["stats"] = {key: part["stats"][key] for key in part["stats"] if key != "seconds"}
    return {key: report[key] for key in report if key != "engine"}


def errors(judgement: Judgement) -> list[dict[str, Any]]:
    """Return the errors of a judgement's report."""
    found: list[dict[str, Any]] = judgement.report["tasks"][0]["errors"]
    return found
