"""The catalogue over HTTP: datasets, their registration and their metadata."""

from typing import Any

from marshmallow import Schema, fields, validate

from opendata.domain.catalogue import Dataset, DisclosureAttribute, Metadata
from opendata.domain.errors import Text
from opendata.domain.people import Role
from opendata.stages import catalogue
from opendata.stages.amend import amend as amend_dataset
from opendata.web.access import actor, opened_to, reader, runtime
from opendata.web.forms import Answer, Instant, Links
from opendata.web.links import api_url
from opendata.web.room import Room

blp = Room(
    "datasets",
    __name__,
    label="数据集目录 Catalogue",
    url_prefix="/api/v1/datasets",
    description="数据集目录：登记、检索、更正说明。The catalogue of datasets.",
)
ATTRIBUTE = (
    "公开属性：proactive 主动公开、on_request 依申请公开、withheld 不予公开 "
    "Disclosed proactively, on request, or withheld"
)
COORDINATES = (
    "发布协调：公开前须征得其书面同意的公开主体 Agencies whose written consent publication needs"
)
SHORT, LONG = validate.Length(1, 200), validate.Length(0, 5000)


# A key is not needed, but shows its agency more.
KEY_OR_NONE: list[dict[str, list[str]]] = [{}, {"key": []}]


class SourceBody(Schema):
    """Where a dataset's records come from (Data Package v2 ``sources``)."""

    title = fields.String(
        required=True, validate=SHORT, metadata={"example": "财政部2026年部门预算"}
    )
    path = fields.String(load_default="", validate=LONG)


class MetadataBody(Schema):
    """What people read about a dataset."""

    title = fields.String(required=True, validate=SHORT, metadata={"example": "2026年部门预算"})
    title_en = fields.String(load_default="", validate=validate.Length(0, 200))
    description = fields.String(load_default="", validate=LONG)
    description_en = fields.String(load_default="", validate=LONG)
    disclosure_attribute = fields.Enum(
        DisclosureAttribute,
        by_value=fields.String,
        required=True,
        metadata={"description": ATTRIBUTE, "example": "proactive"},
    )
    attribute_reason = fields.String(load_default="", validate=LONG)
    transcribes = fields.List(
        fields.String(validate=SHORT),
        load_default=list,
        validate=validate.Length(0, 500),
        metadata={
            "description": "所转录的公开主体名称 Publishers whose records it transcribes",
            "example": ["财政部"],
        },
    )
    sources = fields.List(
        fields.Nested(SourceBody), load_default=list, validate=validate.Length(0, 100)
    )
    coordinates_with = fields.List(
        fields.String(validate=SHORT),
        load_default=list,
        validate=validate.Length(0, 50),
        metadata={"description": COORDINATES, "example": []},
    )


# Any of it may be left out; what is given (a source, say) has to be whole.
CHANGES = MetadataBody(partial=tuple(MetadataBody().fields))


class RegistrationBody(MetadataBody):
    """What an agency says when it registers a dataset."""

    id = fields.String(required=True, validate=SHORT, metadata={"example": "budgets-2026"})
    collection = fields.String(required=True, validate=SHORT, metadata={"example": "budgets"})
    agency = fields.String(required=True, validate=SHORT, metadata={"example": "demo-transcriber"})
    period = fields.String(required=True, validate=SHORT, metadata={"example": "2026"})


class DatasetQuery(Schema):
    """How the catalogue is searched."""

    collection = fields.String(
        validate=SHORT,
        metadata={"description": "数据类别 Only of this collection", "example": "budgets"},
    )
    q = fields.String(
        validate=LONG, metadata={"description": "检索词 Words to look for", "example": "决算"}
    )


class AgencyBody(Answer):
    """A publisher."""

    id = fields.String()
    name = fields.String(attribute="name.zh")
    name_en = fields.String(attribute="name.en")
    uscc = fields.String(
        allow_none=True,
        metadata={"description": "统一社会信用代码 Unified social credit code"},
    )
    region_code = fields.String(
        allow_none=True, metadata={"description": "行政区划代码 GB/T 2260 code of its region"}
    )


class DatasetBody(Answer):
    """One agency's records of one period in one collection."""

    id = fields.String()
    collection = fields.String(metadata={"description": "数据类别 Its collection"})
    series = fields.String(metadata={"description": "数据集系列 The series it belongs to"})
    agency = fields.Nested(AgencyBody)
    period = fields.String(metadata={"description": "时段 A year, a month, or rolling"})
    title = fields.String(attribute="metadata.title.zh")
    title_en = fields.String(attribute="metadata.title.en")
    description = fields.String(attribute="metadata.description.zh")
    description_en = fields.String(attribute="metadata.description.en")
    disclosure_attribute = fields.Enum(
        DisclosureAttribute,
        by_value=fields.String,
        attribute="metadata.disclosure_attribute",
        metadata={"description": ATTRIBUTE},
    )
    transcribes = fields.List(fields.String(), attribute="metadata.transcribes")
    sources = fields.Function(
        lambda each: [{"title": title, "path": path} for title, path in each.metadata.sources],
        metadata={"type": "array", "items": {"$ref": "#/components/schemas/Source"}},
    )
    coordinates_with = fields.List(
        fields.String(),
        attribute="metadata.coordinates_with",
        metadata={"description": COORDINATES},
    )
    registered_at = Instant()
    modified_at = Instant(
        metadata={"description": "说明最近更正的时间 When its metadata was last corrected"}
    )
    links = Links(lambda each: dataset_links(each.id, each.collection))


class OwnDatasetBody(DatasetBody):
    """A dataset as its own agency sees it."""

    attribute_reason = fields.String(attribute="metadata.attribute_reason")


class DatasetList(Answer):
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
@blp.doc(operationId="search_datasets", security=KEY_OR_NONE)
@blp.refuses(404)
@blp.response(200, DatasetList, description="数据集 The datasets")
def search(asked: dict[str, str]) -> dict[str, list[Dataset]]:
    """检索数据集目录 Search the catalogue

    按登记时间由新到旧；检索词在编号、题名、说明、公开主体和所转录的主体中查找。尚无发布版本的
    数据集只有本主体的密钥能看到。

    Newest registration first; words are looked for in id, titles, descriptions, agency and
    transcribed publishers. A dataset without a release is seen by keys of its agency only.
    """
    held, reading = runtime(), reader()
    collection = asked.get("collection")
    if collection is not None:
        catalogue.contract_of(held.contracts, collection)
    with held.home.database.read() as session:
        found = catalogue.datasets(session, reading, collection=collection, text=asked.get("q"))
    return {"data": found}


@blp.route("", methods=["POST"])
@opened_to(Role.AUTHOR, Role.ADMIN)
@blp.arguments(RegistrationBody)
@blp.doc(operationId="register_dataset")
@blp.refuses(409)
@blp.response(
    201, OwnDatasetBody, description="已登记 Registered", headers={"Location": "Location"}
)
def register(body: dict[str, Any]) -> tuple[Dataset, int, dict[str, str]]:
    """登记数据集 Register a dataset

    报送之前先登记：属于哪一类别、哪一主体、哪一时段，公开属性为何。编号和时段登记后不再改变。

    A dataset is registered before anything is sent in: its collection, agency, period and
    disclosure attribute. Its id and period never change.
    """
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
@blp.doc(operationId="read_dataset", security=KEY_OR_NONE)
@blp.refuses(404)
@blp.response(200, DatasetBody, description="数据集 The dataset")
def one(dataset: str) -> Dataset:
    """查看数据集 Read one dataset

    数据集的说明、公开主体与相关地址。

    What is said of a dataset, its agency, and where its releases and records are.
    """
    reading = reader()
    with runtime().home.database.read() as session:
        return catalogue.readable(session, reading, dataset)


@blp.route("/<dataset>", methods=["PATCH"])
@opened_to(Role.AUTHOR, Role.ADMIN)
@blp.arguments(CHANGES)
@blp.doc(operationId="amend_dataset")
@blp.refuses(404, 409)
@blp.response(200, OwnDatasetBody, description="已更正 Corrected")
def amend(body: dict[str, Any], dataset: str) -> Dataset:
    """更正数据集说明 Correct what is said of a dataset

    只改所给的各项；每次更正留存为一个新的版本。有报送已批准、尚未发布时，不能改变发布版本将载明的
    说明。

    Changes only what is given; every correction is kept as a version of its own. While a submission
    is approved and not yet published, what its release will say cannot be changed.
    """
    held = runtime()
    with held.home.database.begin() as session:
        return amend_dataset(
            session,
            actor(),
            dataset,
            lambda known: _metadata({**_as_body(known), **body}),
            held.now(),
        )


def _metadata(body: dict[str, Any]) -> Metadata:
    return Metadata(
        title=Text(body["title"], body["title_en"]),
        description=Text(body["description"], body["description_en"]),
        disclosure_attribute=body["disclosure_attribute"],
        attribute_reason=body["attribute_reason"],
        transcribes=tuple(body["transcribes"]),
        sources=tuple((each["title"], each["path"]) for each in body["sources"]),
        # Named twice it is asked once.
        coordinates_with=tuple(dict.fromkeys(body["coordinates_with"])),
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
        "coordinates_with": list(metadata.coordinates_with),
    }
