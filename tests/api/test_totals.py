"""Totals over HTTP: what is asked of groups, what may not be added up, and how it is told."""

import json
from collections import Counter
from decimal import Decimal
from statistics import median
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
import pytest

from opendata.domain.queries.adding import NotAdditive
from opendata.stages import query as stage
from opendata.stages.query.records import reading_of
from opendata.storage.index.serving import Index
from opendata.web import totals
from tests import reference
from tests.platforms import on_sqlite, runtime_of
from tests.stages import oracle
from tests.tables import changed, csv_of, real_rows, rows_of

PENALTIES = "administrative-penalties"
# One line of the statutory tables, which may be added up over everything else.
LINE = {
    "unit": "万元",
    "document_type": "final_accounts",
    "subject_level": "level2",
    "side": "expenditure",
}


def exact(answer):
    """Read an answer's groups with the digits as they were sent."""
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_float=Decimal)["data"]


def refused(library, path, status, **query):
    """Return the code of a refusal, and of each of its faults where it is and what it says."""
    answer = library.get(path, **query)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    return answer.json["code"], {each["pointer"]: each["detail"] for each in answer.json["errors"]}


@pytest.fixture(scope="module")
def penalties(library):
    """All penalties that are public on the clock's day, as values."""
    runtime = runtime_of(library.client)
    return oracle.everything(runtime, runtime.contracts[PENALTIES])


def test_without_anything_all_records_are_counted(library, penalties):
    assert exact(library.get(f"{PENALTIES}/aggregate")) == [{"count": len(penalties)}]


def test_groups_have_keys_and_metrics_as_they_were_spelled(library, penalties):
    answer = library.get(
        f"{PENALTIES}/aggregate", group_by="decision_date__year,status", sort="-count"
    )
    counted = Counter((row["decision_date"].year, row["status"]) for row in penalties)

    found = exact(answer)
    assert list(found[0]) == ["decision_date__year", "status", "count"]
    assert {(row["decision_date__year"], row["status"]): row["count"] for row in found} == counted
    assert [row["count"] for row in found] == sorted(counted.values(), reverse=True)
    assert answer.json["meta"]["groups"] == len(counted)


def test_every_metric_is_exact(library, penalties):
    fines = [row["fine_amount"] for row in penalties if row["fine_amount"] is not None
             and row["status"] == "published"]  # fmt: skip
    names = [f"{each}(fine_amount)" for each in ("sum", "avg", "min", "max", "median", "p90")]
    answer = library.get(
        f"{PENALTIES}/aggregate", status="published", metrics=",".join([*names, "count"])
    )

    [row] = exact(answer)
    assert [row[name] for name in names[:1] + names[2:5]] == [
        sum(fines), min(fines), max(fines), median(fines)
    ]  # fmt: skip
    assert abs(row["avg(fine_amount)"] * len(fines) - sum(fines)) < len(fines) * Decimal("1e-12")
    assert row["p90(fine_amount)"] == sorted(fines)[-(-9 * len(fines) // 10) - 1]


def test_the_limit_cuts_groups_and_the_meta_counts_them_all(library):
    answer = library.get(f"{PENALTIES}/aggregate", group_by="decision_number", limit="3").json

    assert len(answer["data"]) == 3 < answer["meta"]["groups"]


def test_units_are_not_mixed(library):
    code, faults = refused(library, "budgets/aggregate", 422, metrics="max(amount_total)")

    assert code == "not-additive"
    assert set(faults) == {"?unit"}
    assert "元" in faults["?unit"]
    assert "万元" in faults["?unit"]
    assert "group_by=unit" in faults["?unit"]


def test_a_line_and_the_lines_in_it_are_not_added_up(library):
    """类 holds its 款: a table of both has every amount twice."""
    query = {key: value for key, value in LINE.items() if key != "subject_level"}
    _, faults = refused(
        library, "budgets/aggregate", 422, metrics="sum(amount_total)",
        group_by="fiscal_year,table_code,account,coverage", level="government", **query
    )  # fmt: skip

    assert "level1（一级(类)）" in faults["?subject_level"]
    assert "level2（二级(款)）" in faults["?subject_level"]


def test_following_the_advice_leads_to_an_answer(library):
    query, advised = {"metrics": "sum(amount_total)"}, 0
    while True:
        answer = library.get("budgets/aggregate", **query)
        if answer.status_code == 200:
            break
        for fault in answer.json["errors"]:
            way = fault["detail"].rstrip("。").split(" 或 ")[-1].split("请加上 ")[-1]
            name, _, value = way.partition("，")[0].partition("=")
            query[name] = value
            advised += 1
    assert advised > 3
    assert answer.json["meta"]["groups"] == 1


def test_what_cannot_be_asked_is_refused_with_the_nearest_name(library):
    path = f"{PENALTIES}/aggregate"
    for query, said in (
        ({"group_by": "decision_dat"}, "decision_date"),
        ({"group_by": "decision_date__week"}, "decision_date__month"),
        ({"metrics": "total(fine_amount)"}, "sum"),
        ({"metrics": "sum(party_no)"}, "count_distinct"),
        ({"sort": "-sum(fine_amount)"}, "sum(fine_amount)"),
        ({"cursor": "x"}, "cursor"),
    ):
        code, faults = refused(library, path, 400, **query)
        assert code == "bad-query"
        assert any(said in each for each in faults.values()), faults


@pytest.mark.parametrize("kind", ["csv", "ndjson", "xlsx", "parquet", "arrow"])
def test_a_file_has_the_groups_of_the_json(library, kind):
    query = {"group_by": "fiscal_year,unit", "metrics": "count,max(amount_total)"}
    expected = exact(library.get("budgets/aggregate", **query))

    answer = library.get(f"budgets/aggregate.{kind}", **query)

    assert answer.status_code == 200, answer.text
    assert f"budgets-totals.{kind}" in answer.headers["Content-Disposition"]
    if kind == "arrow":
        found = pa.ipc.open_stream(answer.data).read_all().to_pylist()
    else:
        found = rows_of(kind, answer.data)
    as_text = [{name: str(value) for name, value in row.items()} for row in expected]
    if kind == "csv":
        assert found == as_text
    else:
        assert [
            {name: value if isinstance(value, str) else Decimal(str(value))
             for name, value in row.items()}
            for row in found
        ] == expected  # fmt: skip


def test_accept_asks_for_a_file_and_labels_are_chinese(library):
    query = {"group_by": "status", "use_labels": "1"}
    answer = library.client.get(
        f"/api/v1/{PENALTIES}/aggregate", query_string=query, headers={"Accept": "text/csv"}
    )

    header, first, *_ = answer.text.splitlines()
    assert header.endswith("记录数")
    assert first.split(",")[0] in {"公示中", "已修复", "已更正", "已撤回", "已到期"}


def test_a_file_of_too_many_groups_is_refused_unless_said_which(library, monkeypatch):
    monkeypatch.setattr(totals, "MAX_GROUPS", 2)
    path = f"{PENALTIES}/aggregate.csv"
    code, faults = refused(library, path, 422, group_by="decision_number")

    assert code == "too-many-groups"
    assert list(faults) == ["?limit"]
    limited = library.get(path, group_by="decision_number", limit="2")
    assert len(limited.text.splitlines()) == 3


def test_a_reader_who_has_the_answer_is_told_so(library):
    url = f"/api/v1/{PENALTIES}/aggregate?group_by=status"
    tag = library.client.get(url).headers["ETag"]

    again = library.client.get(url, headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


def test_facets_count_values_most_frequent_first(library, penalties):
    query = {"facet": "status,violation_type", "facet_size": "3", "limit": "1"}
    facets = library.get(PENALTIES, **query).json["meta"]["facets"]

    counted = Counter(row["status"] for row in penalties)
    assert {each["value"]: each["count"] for each in facets["status"]} == counted
    assert facets["status"][0]["label"] == "公示中"
    counts = [each["count"] for each in facets["violation_type"]]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) <= 3


def test_facets_are_of_what_the_query_finds(library, penalties):
    found = [row for row in penalties if row["status"] != "published"]
    query = {"facet": "status", "status__not": "published", "limit": "1"}

    facets = library.get(PENALTIES, **query).json["meta"]["facets"]

    assert sum(each["count"] for each in facets["status"]) == len(found) > 0


def test_a_missing_value_is_a_value_of_a_facet(library):
    rows = library.records("budgets", limit="1000")
    name = next(name for name in rows[0] if any(row[name] is None for row in rows))
    facets = library.get("budgets", facet=name, facet_size="1000").json["meta"]["facets"]

    counts = {each["value"]: each["count"] for each in facets[name]}
    assert counts == Counter(row[name] for row in rows)
    assert None in counts


@on_sqlite
def test_what_is_cited_gives_the_same_totals_later(chain):
    rows = changed(real_rows("budgets-2019"), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    before = chain.get("budgets/aggregate", group_by="line_no").json
    chain.publish("b", csv_of(rows[:2]))
    cited = chain.client.get(before["links"]["cite"].removeprefix("http://localhost"))

    assert cited.json["data"] == before["data"]
    assert len(chain.get("budgets/aggregate", group_by="line_no").json["data"]) == 2
    assert dict(parse_qsl(urlsplit(before["links"]["csv"]).query)) == {"group_by": "line_no"}


def test_a_reference_and_the_platform_agree_on_real_questions(library, penalties):
    """The shape of a portal's page: by agency and month, with the sum of what counts."""
    runtime = runtime_of(library.client)
    contract = runtime.contracts[PENALTIES].published
    pairs = [
        ("group_by", "authority_name,decision_date__month,status"),
        ("metrics", "count,sum(fine_amount),count_distinct(counterparty_name)"),
        ("sort", "-sum(fine_amount)"),
        ("violation_type__notnull", "1"),
    ]
    asked = totals.parse_aggregation(pairs, contract)

    answer = library.client.get(f"/api/v1/{PENALTIES}/aggregate", query_string=pairs)

    assert [tuple(row.values()) for row in exact(answer)] == reference.totals(penalties, asked)


@pytest.mark.parametrize(
    ("collection", "query"),
    [
        (PENALTIES, {"group_by": "authority_name,status", "metrics": "sum(fine_amount),count"}),
        (PENALTIES, {"group_by": "decision_date__quarter", "metrics": "median(fine_amount)"}),
        ("budgets", {"group_by": "unit,subject_level", "metrics": "avg(amount_total)"}),
        ("budgets", {"metrics": "sum(amount_total)", "unit": "万元"}),
    ],
)
def test_without_the_index_the_files_say_the_same(library, monkeypatch, collection, query):
    def ask():
        runtime = runtime_of(library.client)
        contract = runtime.contracts[collection]
        asked = totals.parse_aggregation(query.items(), contract.published)
        try:
            return stage.totals(runtime.home, contract, asked, runtime.now()).groups
        except NotAdditive as refusal:
            return refusal.faults

    runtime = runtime_of(library.client)
    from_index = ask()
    view = stage.shown(runtime.home, runtime.contracts[collection], None, runtime.now())
    assert reading_of(runtime.home, view) is not None
    monkeypatch.setattr(Index, "reading", lambda *_: None)

    assert ask() == from_index
