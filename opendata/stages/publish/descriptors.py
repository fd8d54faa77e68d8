"""Descriptors: what is said about a release, for programs (Data Package v2) and for people."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from opendata.domain.cautions import KnownIssue
from opendata.domain.queries import SYSTEM_FIELDS, moment_text
from opendata.stages.publish.subject import Subject
from opendata.storage.vault import Blob

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
MAX_CELL = 30_000
# Frictionless counts no bytes of what it does not read as text, and then calls every count wrong;
# the manifest has them.
_NOT_COUNTED = frozenset({"parquet", "xlsx"})
_MEDIA = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def datapackage(subject: Subject, files: Sequence[tuple[str, Blob]], begun: date) -> dict[str, Any]:
    """Return the release's ``datapackage.json``: its files, schema, terms and sources."""
    dataset, meta = subject.dataset, subject.dataset.metadata
    licence = subject.contract.licence
    return {
        "$schema": PROFILE,
        "name": dataset.id,
        "title": meta.title.zh,
        "titleEn": meta.title.en,
        "description": meta.description.zh,
        "descriptionEn": meta.description.en,
        # Early releases have none.
        "version": subject.version or str(subject.number),
        "created": moment_text(subject.released_at),
        "licenses": [{"name": licence.name, "path": licence.path, "title": licence.title}],
        "contributors": [{"title": dataset.agency.name.zh, "roles": ["publisher"]}],
        "sources": [_source(title, path) for title, path in meta.sources],
        "collection": dataset.collection,
        "contract": subject.contract.name,
        "agency": dataset.agency.id,
        "period": dataset.period,
        "edition": begun.isoformat(),
        "knownIssues": [each.as_dict() for each in subject.known_issues],
        "resources": [_resource(subject, name, blob) for name, blob in files],
    }


def dictionary(subject: Subject) -> dict[str, Any]:
    """Return what the 说明 sheet of a spreadsheet tells its reader."""
    dataset, meta = subject.dataset, subject.dataset.metadata
    return {
        "名称 Title": meta.title.zh,
        "说明 Description": meta.description.zh,
        "公开主体 Agency": dataset.agency.name.zh,
        "数据集 Dataset": dataset.id,
        "数据类别 Collection": dataset.collection,
        "时段 Period": dataset.period,
        "发布版本 Release": str(subject.number),
        "发布时间 Released": moment_text(subject.released_at),
        "许可 Licence": f"{subject.contract.licence.title} {subject.contract.licence.path}",
        "来源 Sources": _shortened(
            "；".join(f"{title} {path}".strip() for title, path in meta.sources)
        ),
        "已知问题 Known issues": _shortened("；".join(map(_issue_text, subject.known_issues))),
    }


def _issue_text(each: KnownIssue) -> str:
    said = f"{each.caution.message.zh}（{each.caution.count}）"
    return f"{said} {each.answer.reason}" if each.answer else said


def _shortened(text: str) -> str:
    """Cut a text to what a cell of a workbook holds; ``datapackage.json`` has it whole."""
    return text if len(text) <= MAX_CELL else text[:MAX_CELL] + "…"


def _source(title: str, path: str) -> dict[str, str]:
    return {"title": title, "path": path} if path else {"title": title}


def _resource(subject: Subject, name: str, blob: Blob) -> dict[str, Any]:
    kind = name.removeprefix("data.")
    resource: dict[str, Any] = {
        "name": f"data-{kind}",
        "path": name,
        "format": kind,
        "mediatype": _MEDIA[kind],
        "hash": f"sha256:{blob.sha256}",
    }
    if kind not in _NOT_COUNTED:
        resource["bytes"] = blob.size
    if kind == "csv":
        resource["encoding"] = "utf-8"
        resource["schema"] = published_schema(subject)
    return resource


def published_schema(subject: Subject) -> dict[str, Any]:
    """Describe the file as it is: the platform's own columns first, then the contract's."""
    own = [
        {
            "name": each.name,
            "type": each.type,
            "title": each.title.zh,
            "description": each.description.zh,
        }
        for each in SYSTEM_FIELDS
    ]
    withheld = set(subject.withheld.columns)
    fields = [
        _loosened(each) if each["name"] in withheld else each
        for each in subject.contract.table_schema["fields"]
    ]
    return {**subject.contract.table_schema, "fields": [*own, *fields]}


def _loosened(field: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what a withheld, hence empty, column can no longer keep."""
    constraints = {
        name: value for name, value in field.get("constraints", {}).items() if name != "required"
    }
    return {**field, "constraints": constraints}
