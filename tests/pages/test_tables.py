"""A collection as a table: what is asked in the address is what is shown, told and downloaded."""

import shlex
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.chain import Chain
from tests.pages.document import Document, read, visit
from tests.tables import read_csv


def shown(page: Document, title: str) -> list[str]:
    """Return the cells of a column from the top."""
    return [each.text for each in page.all("td") if each.attributes.get("data-title") == title]


def records_of(page: Document) -> list[str]:
    """Return the identifiers of the records on a page, from the top."""
    links = [each.attributes["href"] for each in page.all("a") if each.text == "详情"]
    return [each.rpartition("/")[2] for each in links]


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_codes_are_told_by_label_and_numbers_with_their_unit(library: Chain) -> None:
    page = read(library.client, "/budgets?amount_total__gt=10000&unit=万元&limit=20")

    assert set(shown(page, "文书类型")) <= {"预算", "调整预算", "决算"}
    assert all("," in each and each.endswith("万元") for each in shown(page, "合计"))
    assert "right" in page.all("td", class_="number")[0].attributes["class"]


def test_a_unit_that_is_the_same_for_all_stands_in_the_header(library: Chain) -> None:
    page = read(library.client, "/administrative-penalties?fine_amount__notnull=1&limit=20")

    assert "罚款金额（万元）" in " ".join(each.text for each in page.all("th"))
    assert not any("万元" in each for each in shown(page, "罚款金额"))


def test_columns_that_are_empty_on_the_page_are_named_below_it(library: Chain) -> None:
    page = read(library.client, "/administrative-penalties?confiscated_amount__isnull=1")

    assert shown(page, "没收金额") == []
    assert "未显示的列" in page.text
    assert "没收金额" in page.text


def test_columns_that_were_asked_for_are_shown_even_if_empty(library: Chain) -> None:
    path = "/administrative-penalties?confiscated_amount__isnull=1&fields=_id,confiscated_amount"

    assert set(shown(read(library.client, path), "没收金额")) == {"—"}


def test_the_page_and_the_api_call_beside_it_give_the_same_records(library: Chain) -> None:
    page = read(library.client, "/budgets?fiscal_year=2016&sort=-amount_total&limit=20")
    told = library.client.get(path_of(page.link("在浏览器中打开 JSON"))).json

    assert records_of(page) == [each["_id"] for each in told["data"]]
    assert len(records_of(page)) == 20


def test_the_command_line_is_the_same_call(library: Chain) -> None:
    page = read(library.client, "/budgets?subject_name__contains=公用 经费&limit=20")
    command = page.all("pre")[0].text.replace("\\ ", "")
    words = shlex.split(command)
    link = urlsplit(page.link("在浏览器中打开 JSON"))

    assert words[:3] == ["curl", "-G", f"{link.scheme}://{link.netloc}{link.path}"]
    assert [tuple(each.split("=", 1)) for each in words[4::2]] == parse_qsl(link.query)
    assert set(words[3::2]) == {"--data-urlencode"}


def test_a_download_has_all_that_matches_and_not_only_the_page(library: Chain) -> None:
    page = read(library.client, "/budgets?fiscal_year=2016&limit=20")
    total = library.get("budgets", fiscal_year="2016", count="exact").json["meta"]["total"]
    plain, excel = (
        library.client.get(path_of(each.attributes["href"]), buffered=True)
        for each in sorted(page.all("a"), key=lambda each: each.text)
        if each.text == "CSV" or each.text.startswith("CSV（Excel")
    )

    assert f"共 {total} 条" in page.text
    assert excel.data.startswith("\ufeff".encode())
    assert "公开主体" in read_csv(excel.data)[0]
    assert len(read_csv(plain.data)) == len(read_csv(excel.data)) == total > 20


def test_pages_follow_one_another_and_lead_back_to_the_first(library: Chain) -> None:
    first = read(library.client, "/budgets?limit=50")
    second = read(library.client, first.link("下一页"))
    third = read(library.client, second.link("下一页"))
    everything = library.records("budgets", limit="1000")

    ids = [*records_of(first), *records_of(second), *records_of(third)]
    assert ids == [each["_id"] for each in everything]
    assert records_of(read(library.client, third.link("第一页"))) == records_of(first)
    assert "下一页" not in third.text


def test_a_page_in_the_middle_tells_the_call_for_itself(library: Chain) -> None:
    second = read(library.client, read(library.client, "/budgets?limit=50").link("下一页"))
    told = library.client.get(path_of(second.link("在浏览器中打开 JSON"))).json

    assert records_of(second) == [each["_id"] for each in told["data"]]


def test_a_header_sorts_upwards_then_downwards(library: Chain) -> None:
    up = read(library.client, read(library.client, "/budgets").link("科目或项目名称"))
    down = read(library.client, up.link("科目或项目名称"))

    assert [each.attributes["aria-sort"] for each in up.all("th") if "科目" in each.text] == [
        "ascending"
    ]
    names = [each["subject_name"] for each in library.records("budgets", limit="1000")]
    assert shown(up, "科目或项目名称")[0] == min(names)
    assert shown(down, "科目或项目名称")[0] == max(names)


@pytest.mark.parametrize(
    ("filled", "meant"),
    [
        ("q=&fiscal_year=2016&document_type=&limit=50&sort=", "fiscal_year=2016"),
        ("fiscal_year=+2016+", "fiscal_year=2016"),
        ("_field=amount_total&_op=gte&_value=100", "amount_total__gte=100"),
        ("_field=amount_total&_op=exact&_value=100", "amount_total=100"),
        ("_field=explanation&_op=isnull&_value=", "explanation__isnull=1"),
        ("_field=&_op=exact&_value=100", ""),
        ("_dataset=budgets-2016&q=三公", "_dataset=budgets-2016&q=三公"),
        ("_column=subject_name&_column=amount_total", "fields=_id,subject_name,amount_total,unit"),
        ("cursor=old&limit=20", "limit=20"),
    ],
)
def test_a_filled_in_form_becomes_the_address_that_says_it(
    library: Chain, filled: str, meant: str
) -> None:
    answer = visit(library.client, f"/budgets?_ask=1&{filled}")

    assert answer.status_code == 303
    path, _, query = answer.headers["Location"].partition("?")
    assert path == "/budgets"
    assert parse_qsl(query) == parse_qsl(meant)


def test_the_form_shows_what_was_asked_and_the_rest_goes_through_it(library: Chain) -> None:
    page = read(library.client, "/budgets?fiscal_year=2016&document_type=决算&side__not=revenue")
    chosen = [each.attributes.get("value") for each in page.all("option", selected="")]
    hidden = {
        (each.attributes["name"], each.attributes["value"])
        for each in page.all("input", type="hidden")
    }

    assert page.one("input", name="fiscal_year").attributes["value"] == "2016"
    assert "final_accounts" in chosen
    assert hidden == {("_ask", "1"), ("side__not", "revenue")}


def test_a_condition_is_told_in_words_and_can_be_taken_away(library: Chain) -> None:
    page = read(library.client, "/budgets?fiscal_year__gte=2016&document_type=final_accounts")
    words = [each.text for each in page.all("li")]
    away = [each for each in page.all("a") if each.text == "×"]

    assert "年度 不小于 2016 ×" in words
    assert "文书类型 等于 决算 ×" in words
    assert away[0].attributes["href"] == "/budgets?document_type=final_accounts"


def test_a_wrong_question_keeps_the_form_and_says_what_is_wrong_where(library: Chain) -> None:
    page = read(library.client, "/budgets?fiscal_year=二零&fisc_year=1&limit=600", 400)
    wrong = page.one("input", name="fiscal_year")

    assert wrong.attributes["value"] == "二零"
    assert wrong.attributes["aria-invalid"] == "true"
    assert "应为整数" in page.one("p", id=wrong.attributes["aria-describedby"]).text
    assert "是否想用 fiscal_year？" in page.text
    assert "did you mean fiscal_year?" in page.text
    assert not page.all("table")


def test_a_page_is_not_longer_than_a_person_scrolls(library: Chain) -> None:
    assert "至多 500 行" in read(library.client, "/budgets?limit=501", 400).text


def test_a_cursor_from_elsewhere_is_refused_on_the_page(library: Chain) -> None:
    assert "cursor 无效" in read(library.client, "/budgets?cursor=abc", 400).text


def test_a_label_may_be_asked_for_in_place_of_its_code(library: Chain) -> None:
    by_label = read(library.client, "/budgets?document_type=决算&limit=20")
    by_code = read(library.client, "/budgets?document_type=final_accounts&limit=20")

    assert records_of(by_label) == records_of(by_code) != []


def test_a_page_can_be_cited_as_it_is_now(library: Chain) -> None:
    page = read(library.client, "/budgets?fiscal_year=2016&limit=20")
    cited = path_of(page.all("pre")[1].text)

    assert "as_of=" in cited
    assert records_of(read(library.client, cited)) == records_of(page)


def test_figures_in_different_units_are_said_not_to_be_converted(library: Chain) -> None:
    assert "没有换算" in read(library.client, "/budgets?sort=-amount_total").text
    assert "没有换算" not in read(library.client, "/budgets?sort=subject_name").text


def test_a_record_tells_everything_and_how_to_cite_it(library: Chain) -> None:
    record = library.records("budgets", amount_total__notnull="1", limit="1")[0]
    page = read(library.client, f"/budgets/{record['_id']}")

    assert record["publisher_name"] in page.one("h1").text
    assert {"公开主体 Publisher", "说明 Explanation"} <= {each.text for each in page.all("th")}
    assert page.link("第 1 版") == f"/datasets/{record['_dataset']}/releases/1"
    cited = path_of(page.all("pre")[-1].text.partition("。")[2])
    assert records_of(read(library.client, cited)) == [record["_id"]]


def test_what_publication_dropped_is_nowhere_on_the_page(library: Chain) -> None:
    record = library.records("administrative-penalties", limit="1")[0]

    for path in (
        f"/administrative-penalties/{record['_id']}",
        "/administrative-penalties",
        "/about/contracts/administrative-penalties",
    ):
        page = read(library.client, path)
        said = [each.text for tag in ("th", "label", "option", "h3") for each in page.all(tag)]
        assert not [each for each in said if "证件" in each]


def test_the_dictionary_tells_every_field_and_code(library: Chain) -> None:
    page = read(library.client, "/about/contracts/budgets")
    fields = library.get("budgets/schema").json["table_schema"]["fields"]

    assert [each.attributes["id"] for each in page.all("article")] == [
        each["name"] for each in fields
    ]
    assert "决算" in page.text
    assert "哪些数可以相加" in page.text
