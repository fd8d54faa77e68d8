"""The committed description of the API is the code's, is valid, and leaves nothing out."""

import re
from itertools import islice

import pytest
from click.testing import CliRunner
from flask import Flask
from openapi_spec_validator import validate

from opendata.app import create_app
from opendata.cli import main
from opendata.domain.queries import SYSTEM_FIELDS, operators
from opendata.domain.queries.aggregates import Measuring, Part, measurings, parts
from opendata.runtime import initialise
from tests.api.stand_ins import document
from tests.house.tree import ROOT
from tests.platforms import settings_of

DOCUMENT = document()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
}
PROBLEM = {"$ref": "#/components/schemas/Problem"}
CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application of its own: the description depends on the contracts alone."""
    settings = settings_of(tmp_path_factory.mktemp("openapi"))
    initialise(settings)
    return create_app(settings)


def is_bilingual(text: str) -> bool:
    return bool(CHINESE.search(text) and ENGLISH.search(text))


def at(reference: str):
    """Return what a ``$ref`` of the document refers to."""
    found = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def resolved(each):
    return at(each["$ref"]) if "$ref" in each else each


def test_the_committed_description_is_what_the_code_generates(tmp_path):
    answer = CliRunner().invoke(
        main, ["openapi", "--check", str(ROOT / "openapi" / "v1.json")], obj={}
    )

    assert answer.exit_code == 0, answer.output


def test_the_check_notices_a_stale_description(tmp_path):
    stale = tmp_path / "v1.json"
    stale.write_text("{}")

    assert CliRunner().invoke(main, ["openapi", "--check", str(stale)], obj={}).exit_code == 1


def test_the_description_is_valid_openapi_3_1():
    validate(DOCUMENT)

    assert DOCUMENT["openapi"].startswith("3.1")


def test_it_names_no_machine():
    assert DOCUMENT["servers"] == [{"url": "/", "description": "本平台 This platform"}]
    assert "localhost" not in (ROOT / "openapi" / "v1.json").read_text("utf-8")


def test_every_view_of_the_api_is_described(app):
    described = {
        (method, re.sub(r"{\w+}", "{}", path))
        for method, path in (name.split(" ", 1) for name in OPERATIONS)
    }
    missing = [
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if (method, re.sub(r"<[^>]+>", "{}", rule.rule)) not in described
    ]

    assert not missing


def test_operations_have_names_of_their_own():
    names = [each["operationId"] for each in OPERATIONS.values()]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", each) for each in names)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
class TestEveryOperation:
    def test_is_told_in_both_languages(self, operation):
        assert is_bilingual(operation["summary"])
        assert is_bilingual(operation["description"])
        assert all(is_bilingual(each) for each in operation["tags"])

    def test_has_typed_and_described_parameters(self, operation):
        for each in map(resolved, operation.get("parameters", [])):
            schema = resolved(each["schema"])
            assert {"type", "anyOf", "enum"} & set(schema), each["name"]
            assert is_bilingual(each["description"]), each["name"]

    def test_says_what_it_answers(self, operation):
        answers = {
            status: resolved(each)
            for status, each in operation["responses"].items()
            if status.startswith("2")
        }

        assert answers
        for each in answers.values():
            assert is_bilingual(each["description"]) or each["description"] == "OpenAPI 3.1"
        # 204 is the one answer that has no content.
        assert all(each["content"] for status, each in answers.items() if status != "204")

    def test_refuses_with_problems(self, operation):
        refusals = {
            status: resolved(each)
            for status, each in operation["responses"].items()
            if status == "default" or status.startswith("4")
        }

        assert {"default", "400"} <= set(refusals)
        for each in refusals.values():
            assert each["content"] == {"application/problem+json": {"schema": PROBLEM}}
            assert is_bilingual(each["description"])

    def test_names_the_refusals_of_keys_and_bodies(self, operation):
        refusals = set(operation["responses"])
        if "security" in operation:
            # Nothing, beside the key: who has one is told more.
            assert operation["security"] in ([{"key": []}], [{}, {"key": []}])
            assert {"401", "403"} <= refusals
        if "requestBody" in operation:
            assert {"413", "415", "422"} <= refusals


def test_steps_of_paths_are_described():
    for path, item in DOCUMENT["paths"].items():
        for each in item.get("parameters", []):
            assert is_bilingual(each["description"]), path


def test_every_field_is_described_and_filtered_by_the_operators_of_its_type(app):
    for contract in app.extensions["opendata"].contracts.values():
        page = OPERATIONS[f"GET /api/v1/{contract.collection}"]
        asked = {resolved(each)["name"] for each in page["parameters"]}
        answer = page["responses"]["200"]["content"]["application/json"]["schema"]
        record = resolved(resolved(answer)["properties"]["data"]["items"])
        for field in (*SYSTEM_FIELDS, *contract.published.fields):
            told = record["properties"][field.name]
            assert is_bilingual(told["description"])
            assert told["type"]
            names = {
                field.name if op == "exact" else f"{field.name}__{op}" for op in operators(field)
            }
            assert names <= asked
            assert all("example" in each for each in told_of(page) if each["name"] in names)
        assert set(record["properties"]) == {
            each.name for each in (*SYSTEM_FIELDS, *contract.published.fields)
        }


def test_totals_are_asked_for_by_the_keys_and_metrics_that_fit_each_field(app):
    for contract in app.extensions["opendata"].contracts.values():
        address = f"GET /api/v1/{contract.collection}/aggregate"
        told = {each["name"]: each for each in told_of(OPERATIONS[address])}
        keys, metrics, sort = (
            re.compile(told[name]["schema"]["items"]["pattern"])
            for name in ("group_by", "metrics", "sort")
        )
        for field in (*SYSTEM_FIELDS, *contract.published.fields):
            for part in Part:
                length = "2" if part is Part.PREFIX else ""
                key = f"{field.name}__{part}{length}" if part else field.name
                assert bool(keys.search(key)) is (part in parts(field)), key
                assert bool(sort.search(f"-{key}")) is (part in parts(field)), key
            for measuring in set(Measuring) - {Measuring.COUNT}:
                metric = f"{measuring}({field.name})"
                assert bool(metrics.search(metric)) is (measuring in measurings(field)), metric
        assert {"q", "as_of", "release", "limit"} <= set(told)
        assert not {"fields", "cursor", "count", "facet"} & set(told)


def told_of(operation):
    return [resolved(each) for each in operation["parameters"]]


def test_no_column_that_is_dropped_is_described(app):
    text = (ROOT / "openapi" / "v1.json").read_text("utf-8")
    dropped = {
        name for each in app.extensions["opendata"].contracts.values() for name in each.dropped
    }

    assert dropped
    assert not [name for name in dropped if name in text]


def test_every_component_is_used():
    text = (ROOT / "openapi" / "v1.json").read_text("utf-8")

    assert not [
        f"{kind}/{name}"
        for kind, named in DOCUMENT["components"].items()
        for name in named
        if kind != "securitySchemes" and f'"#/components/{kind}/{name}"' not in text
    ]


def test_every_example_of_a_filter_runs(app):
    """Asked together, some at a time: each is parsed by itself, and all of them are run."""
    client = app.test_client()
    for name, operation in OPERATIONS.items():
        path = name.removeprefix("GET ")
        if operation["operationId"].startswith("list_") and path.count("/") == 3:
            shown = (
                (each["name"], asked_as(each["example"]))
                for each in map(resolved, operation["parameters"])
                if each["in"] == "query" and "example" in each and "security" not in operation
            )
            while asked := dict(islice(shown, 12)):
                assert client.get(path, query_string=asked).status_code == 200, asked


def test_the_example_of_totals_runs(app):
    client = app.test_client()
    for contract in app.extensions["opendata"].contracts.values():
        path = f"/api/v1/{contract.collection}/aggregate"
        asked = {
            each["name"]: asked_as(each["example"])
            for each in told_of(OPERATIONS[f"GET {path}"])
            if each["name"] in ("group_by", "metrics", "sort", "limit")
        }
        assert len(asked) == 4
        assert client.get(path, query_string=asked).status_code == 200, asked


def asked_as(example):
    """Return an example as it stands in an address."""
    if isinstance(example, bool):
        return str(example).lower()
    return ",".join(map(str, example)) if isinstance(example, list) else str(example)
