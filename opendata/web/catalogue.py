"""The catalogue over HTTP: datasets, their registration and their metadata."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from opendata.domain.catalogue import Dataset, DisclosureAttribute, Metadata
from opendata.domain.errors import Text
from opendata.domain.people import Role
from opendata.stages import catalogue
from opendata.web.access import actor, opened_to, runtime
from opendata.web.forms import Instant
from opendata.web.links import api_url

blp = Blueprint(
    "datasets",
    __name__,
    url_prefix="/api/v1/datasets",
    description="数据集目录：登记、检索、更正说明。The catalogue of datasets.",
)
SHORT, LONG = validate.Length(1, 200), validate.Length(0, 5000)


class SourceBody(Schema):
    """Where a dataset's records come from (Data Package v2 ``sources``)."""

    title = fields.String(required=True, validate=SHORT)
    path = fields.String(load_default="", validate=LONG)


class MetadataBody(Schema):
    """What people read about a dataset."""

    title = fields.String(required=True, validate=SHORT, metadata={"example": "2026年部门预算"})
    title_en = fields.String(load_default="", validate=validate.Length(0, 200))
    description = fields.String(load_default="", validate=LONG)
    description_en = fields.String(load_default="", validate=LONG)
    disclosure_attribute = fields.Enum(
        DisclosureAttribute,
        by_value=True,
        required=True,
        metadata={"description": "公开属性：主动公开、依申请公开、不予公开"},
    )
    attribute_reason = fields.String(load_default="", validate=LONG)
    transcribes = fields.List(
        fields.String(validate=SHORT),
        load_default=list,
        validate=validate.Length(0, 500),
        metadata={"description": "所转录的公开主体名称 Publishers whose records it transcribes"},
    )
    sources = fields.List(
        fields.Nested(SourceBody), load_default=list, validate=validate.Length(0, 100)
    )


class RegistrationBody(MetadataBody):
    """What an agency says when it registers a dataset."""

    id = fields.String(required=True, validate=SHORT, metadata={"example": "budgets-2026"})
    collection = fields.String(required=True, validate=SHORT, metadata={"example": "budgets"})
    agency = fields.String(required=True, validate=SHORT, metadata={"example": "county-finance"})
    period = fields.String(required=True, validate=SHORT, metadata={"example": "2026"})


class DatasetQuery(Schema):
    """How the catalogue is searched."""

    collection = fields.String(validate=SHORT)
    q = fields.String(validate=LONG, metadata={"description": "检索词 Words to look for"})


class AgencyBody(Schema):
    """A publisher."""

    id = fields.String()
    name = fields.String(attribute="name.zh")
    name_en = fields.String(attribute="name.en")
    uscc = fields.String(allow_none=True)
    region_code = fields.String(allow_none=True)


class DatasetBody(Schema):
    """One agency's records of one period in one collection."""

    id = fields.String()
    collection = fields.String()
    series = fields.String()
    agency = fields.Nested(AgencyBody)
    period = fields.String()
    title = fields.String(attribute="metadata.title.zh")
    title_en = fields.String(attribute="metadata.title.en")
    description = fields.String(attribute="metadata.description.zh")
    description_en = fields.String(attribute="metadata.description.en")
    disclosure_attribute = fields.Enum(
        DisclosureAttribute, by_value=True, attribute="metadata.disclosure_attribute"
    )
    attribute_reason = fields.String(attribute="metadata.attribute_reason")
    transcribes = fields.List(fields.String(), attribute="metadata.transcribes")
    sources = fields.Function(
        lambda each: [{"title": title, "path": path} for title, path in each.metadata.sources],
        metadata={"type": "array", "items": {"type": "object"}},
    )
    registered_at = Instant()
    modified_at = Instant()
    links = fields.Function(
        lambda each: dataset_links(each.id, each.collection), metadata={"type": "object"}
    )


class DatasetList(Schema):
    """The datasets found."""

    data = fields.List(fields.Nested(DatasetBody))


def dataset_links(dataset_id: str, collection: str) -> dict[str, str]:
    """Return where a dataset, its releases and its records are."""
    return {
        "self": api_url(f"datasets/{dataset_id}"),
        "releases": api_url(f"datasets/{dataset_id}/releases"),
        "records": api_url(f"{collection}?_dataset={dataset_id}"),
    }


@blp.route("", methods=["GET"])
@opened_to()
@blp.arguments(DatasetQuery, location="query")
@blp.response(200, DatasetList)
def search(asked: dict[str, str]) -> dict[str, list[Dataset]]:
    """检索数据集目录 Search the catalogue"""
    held = runtime()
    collection = asked.get("collection")
    if collection is not None:
        catalogue.contract_of(held.contracts, collection)
    with held.home.database.read() as session:
        found = catalogue.datasets(session, collection=collection, text=asked.get("q"))
    return {"data": found}


@blp.route("", methods=["POST"])
@opened_to(Role.AUTHOR, Role.ADMIN)
@blp.arguments(RegistrationBody)
@blp.response(201, DatasetBody)
def register(body: dict[str, Any]) -> tuple[Dataset, int, dict[str, str]]:
    """登记数据集 Register a dataset"""
    held = runtime()
    wanted = catalogue.Registration(
        id=body["id"],
        collection=body["collection"],
        agency=body["agency"],
        period=body["period"],
        metadata=_metadata(body),
    )
    with held.home.database.begin() as session:
        made = catalogue.register(session, actor(), wanted, held.contracts, held.now())
    return made, 201, {"Location": api_url(f"datasets/{made.id}")}


@blp.route("/<dataset>", methods=["GET"])
@opened_to()
@blp.response(200, DatasetBody)
def one(dataset: str) -> Dataset:
    """查看数据集 Read one dataset"""
    with runtime().home.database.read() as session:
        return catalogue.dataset(session, dataset)


@blp.route("/<dataset>", methods=["PATCH"])
@opened_to(Role.AUTHOR, Role.ADMIN)
@blp.arguments(MetadataBody(partial=True))
@blp.response(200, DatasetBody)
def amend(body: dict[str, Any], dataset: str) -> Dataset:
    """更正数据集说明 Correct what is said of a dataset"""
    held = runtime()
    with held.home.database.begin() as session:
        known = catalogue.dataset(session, dataset)
        wanted = _metadata({**_as_body(known.metadata), **body})
        return catalogue.amend(session, actor(), dataset, wanted, held.now())


def _metadata(body: dict[str, Any]) -> Metadata:
    return Metadata(
        title=Text(body["title"], body["title_en"]),
        description=Text(body["description"], body["description_en"]),
        disclosure_attribute=body["disclosure_attribute"],
        attribute_reason=body["attribute_reason"],
        transcribes=tuple(body["transcribes"]),
        sources=tuple((each["title"], each["path"]) for each in body["sources"]),
    )


def _as_body(metadata: Metadata) -> dict[str, Any]:
    return {
        "title": metadata.title.zh,
        "title_en": metadata.title.en,
        "description": metadata.description.zh,
        "description_en": metadata.description.en,
        "disclosure_attribute": metadata.disclosure_attribute,
        "attribute_reason": metadata.attribute_reason,
        "transcribes": list(metadata.transcribes),
        "sources": [{"title": title, "path": path} for title, path in metadata.sources],
    }
