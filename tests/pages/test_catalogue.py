"""The front page, the catalogue, datasets and releases, as people read them."""

import json

import pytest

from tests.chain import Chain
from tests.pages.document import read, visit
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows


def test_the_front_page_counts_what_is_public(library: Chain) -> None:
    page = read(library.client, "/")
    total = library.get("budgets", count="exact").json["meta"]["total"]
    card = next(each for each in page.all("li", class_="card") if "预算与决算" in each.text)

    assert f"records{total} 数据集 datasets3 最近发布 last release2026-03-02" in card.text
    assert page.link("API console") == "/api/docs"
    assert page.link("OpenAPI 3.1") == "/api/v1/openapi.json"


def test_the_front_page_tells_the_newest_releases(library: Chain) -> None:
    news = read(library.client, "/").one("ol", class_="news").text

    assert "penalties 测试数据" in news
    assert "第 1 版" in news


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=2016", ["budgets-2016"]),
        ("collection=project-approvals", ["projects"]),
        ("q=2016&collection=project-approvals", []),
        ("q=没有这样的数据", []),
    ],
)
def test_the_catalogue_finds_datasets(library: Chain, asked: str, found: list[str]) -> None:
    page = read(library.client, f"/datasets?{asked}")
    links = [each.attributes["href"] for each in page.all("a") if "h2" in each.inside]

    assert links == [f"/datasets/{each}" for each in found]
    assert f"共 {len(found)} 个数据集" in page.text


def test_a_dataset_tells_whose_it_is_and_what_is_known_to_be_wrong(library: Chain) -> None:
    page = read(library.client, "/datasets/budgets-2016")
    release = library.release("budgets-2016", 1)

    assert "示例县人民政府（虚构）" in page.text
    assert "主动公开" in page.text
    for each in release["known_issues"]:
        assert " ".join(each["message"]["zh"].split()) in page.text
    for each in release["files"]:
        assert each["sha256"] in page.text


def test_a_release_tells_who_signed_and_what_they_said(library: Chain) -> None:
    page = read(library.client, "/datasets/budgets-2016/releases/1")

    for name in ("county-office author", "county-office reviewer", "county-office approver"):
        assert name in page.text
    assert "《政府信息公开条例》第十九条" in page.text
    assert page.link("manifest.json").endswith("/budgets-2016/releases/1/manifest.json")
    assert "引用" in page.text


@on_sqlite
def test_a_suspended_release_is_a_tombstone(chain: Chain) -> None:
    rows = real_rows("budgets-2017")
    chain.publish_rows("budgets-2017", "budgets", "2017", rows)
    record = chain.records("budgets", limit="1")[0]
    assert chain.suspend("budgets-2017", 1).status_code == 201

    tombstone = read(chain.client, "/datasets/budgets-2017/releases/1", 410)

    assert "已停止公开" in tombstone.text
    assert "示例县保密局" in tombstone.text
    assert "含应当隐去的内容" in tombstone.text
    assert "data.csv" not in tombstone.text
    dataset = read(chain.client, "/datasets/budgets-2017")
    assert "已停止公开" in dataset.text
    assert "data.csv" not in dataset.text
    assert "已停止公开" in read(chain.client, "/datasets").text
    assert rows[0]["subject_name"] not in read(chain.client, "/budgets").text
    assert "曾经公开" in read(chain.client, f"/budgets/{record['_id']}", 410).text


@on_sqlite
def test_a_platform_without_data_says_so(chain: Chain) -> None:
    assert "还没有发布任何数据" in read(chain.client, "/").text
    assert "没有符合条件的记录" in read(chain.client, "/budgets").text
    # What is only registered has been read by nobody but its author, and is not shown.
    chain.register("budgets-2017", "budgets", "2017")
    assert "budgets-2017" not in read(chain.client, "/datasets").text
    read(chain.client, "/datasets/budgets-2017", 404)


@on_sqlite
def test_what_agencies_write_is_text_and_never_markup(chain: Chain) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    rows = changed(real_rows("budgets-2017"), subject_name=evil, explanation=evil * 3)
    names = sorted({each["publisher_name"] for each in rows})
    sources = [{"title": evil, "path": "javascript:alert(3)"}]
    chain.register(
        "budgets-2017",
        "budgets",
        "2017",
        transcribes=names,
        title=evil,
        description=evil,
        sources=sources,
    )
    chain.publish("budgets-2017", csv_of(rows), reason=evil)
    record = chain.records("budgets", limit="1")[0]["_id"]

    for path in (
        "/",
        "/datasets",
        "/budgets",
        f"/budgets/{record}",
        "/datasets/budgets-2017",
        "/datasets/budgets-2017/releases/1",
    ):
        page = read(chain.client, path)
        assert page.faults == []
        assert "alert(1)" in page.text
        assert not page.all("script")
        assert not page.all("img")
        assert not [each for each in page.all("a") if each.attributes["href"][:5] == "javas"]


def test_what_a_reader_writes_into_an_address_is_text_too(library: Chain) -> None:
    evil = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"

    for path, status in (
        (f"/budgets?q={evil}", 200),
        (f"/budgets?{evil}={evil}&fiscal_year={evil}&sort={evil}&limit={evil}", 400),
        (f"/datasets?q={evil}", 200),
        (f"/problems/{evil}", 404),
    ):
        page = read(library.client, path, status)
        assert page.faults == []
        assert not page.all("script")


def test_the_api_and_programs_get_documents_and_not_pages(library: Chain) -> None:
    answer = visit(library.client, "/api/v1/nowhere")
    program = library.client.get("/nowhere")

    assert answer.mimetype == program.mimetype == "application/problem+json"


def test_a_problem_page_says_it_in_both_languages(library: Chain) -> None:
    page = read(library.client, "/datasets/nowhere", 404)

    assert "没有数据集“nowhere”。" in page.text
    assert "There is no dataset nowhere." in page.text


def test_the_type_of_every_problem_leads_to_its_explanation(library: Chain) -> None:
    refused = [
        library.get("nowhere"),
        library.get("budgets", nothing="1"),
        library.get("datasets/nowhere"),
        library.client.post("/api/v1/datasets", data=json.dumps({})),
        library.client.delete("/api/v1/datasets"),
    ]

    for answer in refused:
        page = read(library.client, answer.json["type"])
        assert answer.json["code"] in page.text
        assert str(answer.status_code) in page.text


def test_every_code_is_explained_in_both_languages(library: Chain) -> None:
    codes = [each.text for each in read(library.client, "/problems").all("code")]

    assert {"bad-query", "own-submission", "suspended", "no-header"} <= set(codes)
    for code in codes:
        page = read(library.client, f"/problems/{code}")
        assert page.one("h1").text
        assert page.all("dd")[2].text.isascii() is False
