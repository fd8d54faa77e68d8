"""An annual report is computed: every figure has a source, and what does not fit is said.

The tables of a department's report on 2020 come out as that department printed them.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest

from opendata.domain.annual.declaring import Figure
from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import Level
from opendata.domain.catalogue import Agency
from opendata.domain.errors import Text
from opendata.domain.people import Role
from opendata.domain.requests import ApplicantKind, Channel, Kind, Outcome
from opendata.domain.requests.events import Event
from opendata.domain.requests.ledger import Entry
from opendata.stages import access, requests
from opendata.stages.access import authenticate
from opendata.stages.annual_report import Means, Named, declare_figures, due_of, submission
from opendata.stages.annual_words.facts import declared_in
from tests.api.duties import duty
from tests.chain import Chain, cast, sign
from tests.platforms import on_sqlite, runtime_of
from tests.tables import csv_of, real_rows

JILIN = Agency("jilin-commerce", Text("吉林省商务厅", "Jilin commerce"), None, "220000")
REPORT = "annual-reports/jilin-commerce/2020"
CELL = ("table_code", "indicator_code", "column_code")


@pytest.fixture
def jilin(platform, client, work):
    """The department's way, over HTTP."""
    return Chain(client, cast(platform, JILIN), work)


@pytest.fixture
def printed():
    """The tables that it printed, cell by cell."""
    rows = real_rows("disclosure-statistics-2020")
    own = [each for each in rows if each["publisher_name"] == JILIN.name.zh]
    return {tuple(each[name] for name in CELL): each for each in own if each["table_code"] in "234"}


def entry(number, *, received=date(2020, 5, 11), outcome=None, answered=date(2020, 6, 1)):
    ended = [] if outcome is None else [Event(Kind.ANSWERED, answered, {"outcome": outcome.value})]
    events = (Event(Kind.RECEIVED, received), *ended)
    return Entry(number, Channel.IN_PERSON, ApplicantKind.NATURAL_PERSON, events, f"/{number}")


def ledger(platform, chain, *entries):
    with platform.home.database.read() as session:
        secret = chain.who.keys[Role.AUTHOR]
        actor = authenticate(session, secret, platform.now(), loopback=True)
    requests.record_ledger(platform.home, actor, chain.who.agency.id, entries, platform.now())


def declare(chain, figures, path=REPORT, role="author"):
    body = {"figures": figures}
    return chain.client.post(f"/api/v1/{path}/figures", json=body, headers=chain.as_(role))


def figure(table, row, column, value, explanation=None):
    place = {"table": table, "row": row, "column": column}
    return {**place, "value": value, "explanation": explanation}


def write(chain, *texts, path=REPORT, key=None):
    body = {"sections": [{"number": number, "text": text} for number, text in texts]}
    headers = sign(key) if key else chain.as_("author")
    return chain.client.post(f"/api/v1/{path}/sections", json=body, headers=headers)


def read(chain, path=REPORT, role="author"):
    headers = chain.as_(role) if role else {}
    answer = chain.client.get(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def read_with(chain, path, key):
    return chain.client.get(f"/api/v1/{path}", headers=sign(key)).json


def scoped(platform, chain):
    """A key of the agency that is good for its statistics only."""
    with platform.home.database.begin() as session:
        person = access.add_person(session, "scoped", platform.now())
        only = frozenset({"disclosure-statistics"})
        terms = access.KeyTerms(Role.AUTHOR, chain.who.agency.id, collections=only)
        return access.create_key(session, person, terms, platform.now())


def cells(report):
    return {
        (each["table"], each["row"], each["column"]): each
        for table in report["tables"]
        for each in table["cells"]
    }


def rules(report):
    return [each["rule"] for each in report["breaches"]]


@on_sqlite
def test_a_ledger_of_one_request_and_declared_figures_give_the_report_as_printed(
    platform, jilin, printed
):
    ledger(platform, jilin, entry("1", outcome=Outcome.REFUSED_THIRD_PARTY_RIGHTS))
    second = [
        figure(*place, row["raw_value"] if "增" in row["raw_value"] else row["value"])
        for place, row in printed.items()
        if place[0] == "2"
    ]
    assert declare(jilin, second).json["recorded"] == len(second) == 22
    write(
        jilin,
        (1, "2020年主动公开文件66件。全年共受理依申请公开1件，均在规定时限内予以答复。"),
        (5, "还存在公开范围有待扩大、公开内容有待细化等问题。"),
        (6, "无其他需要报告的事项。"),
    )

    report = read(jilin)

    assert {place: str(each["value"]) for place, each in cells(report).items()} == {
        place: row["value"] for place, row in printed.items()
    }
    assert {place: each["unit"] for place, each in cells(report).items()} == {
        place: row["unit"] for place, row in printed.items()
    }
    assert (report["complete"], report["holds"], report["missing"]) == (True, True, [])
    assert rules(report) == []
    assert [each["standing"] for each in report["sections"]] == ["present"] * 6
    fits = {each["phrase"]: each["fit"] for each in report["sections"][0]["numbers"]}
    assert fits == {"2020年主动公开文件66件": "unchecked", "全年共受理依申请公开1件": "fits"}
    assert (report["due"], report["due_rule"]) == ("2021-01-31", "AR-DEPT")
    # Blank is no zero: nothing was found to count for table 2, and it was declared.
    assert {each["source"] for each in cells(report).values()} == {"ledger", "declared"}


@on_sqlite
def test_a_figure_is_traced_to_its_requests_by_the_agency_and_supervisors(platform, jilin):
    ledger(platform, jilin, entry("1", outcome=Outcome.GRANTED), entry("2"))
    path = f"{REPORT}/cells/3/1/C7"

    told = read(jilin, path)
    assert (told["value"], told["source"], told["count"]) == (2, "ledger", 2)
    assert len({each["id"] for each in told["cases"]}) == 2
    assert read(jilin, path, "supervisor")["cases"] == told["cases"]
    # Who only runs the platform reads no draft, and of a key that is no good for requests no case.
    admin = jilin.client.get(f"/api/v1/{path}", headers=jilin.as_("admin"))
    assert admin.status_code == 404
    assert read_with(jilin, path, scoped(platform, jilin))["cases"] is None
    assert cells(read(jilin))["3", "4", "C7"]["value"] == 1
    unknown = jilin.client.get(f"/api/v1/{REPORT}/cells/3/9/C1", headers=jilin.as_("author"))
    assert (unknown.status_code, unknown.json["code"]) == (404, "no-such-annual-report")


@on_sqlite
def test_the_annex_of_a_year_until_2018_is_counted_in_the_ledger(platform, jilin):
    fee = {"basis": "pages", "count": 31, "amount": "200", "deviation": "local_rule"}
    events = (
        Event(Kind.RECEIVED, date(2018, 5, 7)),
        Event(Kind.FEE_NOTICED, date(2018, 5, 8), fee),
        Event(Kind.FEE_PAID, date(2018, 5, 9), {"amount": "200"}),
        Event(Kind.ANSWERED, date(2018, 5, 10), {"outcome": "granted"}),
    )
    paid = Entry("1", Channel.FAX, ApplicantKind.BUSINESS, events, "/0")
    ledger(platform, jilin, paid, entry("2", received=date(2018, 12, 24)))
    year = "annual-reports/jilin-commerce/2018"

    told = {row: each["value"] for (_, row, _), each in cells(read(jilin, year)).items()}
    counted = {row: value for row, value in told.items() if value}
    assert {row: str(value) for row, value in counted.items()} == {
        "requests_received": "2",
        "requests_in_person": "1",
        "requests_fax": "1",
        "requests_closed": "1",
        "requests_answered": "1",
        "answers_granted": "1",
        "fees_collected": "0.02",
    }
    assert (told["review_cases"], told["answers_refused"]) == (0, 0)
    # What the ledger cannot tell is blank, and declared.
    assert told["answers_already_public"] is told["requests_closed_on_time"] is None
    for row, count in (("requests_received", 2), ("fees_collected", 1)):
        trace = read(jilin, f"{year}/cells/annex/{row}/none")
        assert (trace["source"], trace["count"], len(trace["cases"])) == ("ledger", count, count)


@on_sqlite
def test_fees_in_the_words_are_held_to_the_ledger_where_the_form_has_no_cell(platform, jilin):
    ledger(platform, jilin, entry("1"))
    write(jilin, (6, "收取信息处理费200元。"))

    report = read(jilin)
    assert [each["fit"] for each in report["sections"][5]["numbers"]] == ["differs"]
    breach = next(each for each in report["breaches"] if each["rule"] == "text-differs")
    assert (breach["cells"], "与申请台账不符" in breach["message"]["zh"]) == ([], True)


@on_sqlite
def test_a_published_catalogue_says_by_when_a_report_is_due_and_else_the_name(platform, jilin):
    owed = duty("01", deadline_rule="AR-GOV", frequency="annual")
    owed |= {"publisher_name": JILIN.name.zh, "region_code": "220000"}
    jilin.publish_rows("duties", "disclosure-obligations", "rolling", [owed])

    def due(year):
        report = read(jilin, f"annual-reports/jilin-commerce/{year}")
        return report["agency"]["level"], report["due"], report["due_rule"]

    assert due(2025) == ("government", "2026-03-31", "AR-GOV")
    # At the end of 2023 it was not in force yet.
    assert due(2023) == ("department", "2024-01-31", "AR-DEPT")
    held = runtime_of(jilin.client)
    means = Means(held.home, held.contracts, held.rules, held.now())
    assert due_of(means, JILIN, Level.DEPARTMENT, 2025).rule.id == "AR-GOV"


@on_sqlite
def test_before_its_figures_are_published_a_report_is_its_agencys(jilin, others, client):
    for headers in ({}, {"Authorization": f"Bearer {others.keys[Role.AUTHOR]}"}):
        answer = client.get(f"/api/v1/{REPORT}", headers=headers)
        assert (answer.status_code, answer.json["code"]) == (404, "no-such-annual-report")
    assert client.get("/api/v1/annual-reports/nobody/2020").json["code"] == "no-such-agency"
    assert client.get("/api/v1/annual-reports/jilin-commerce/1999").status_code == 404
    ahead = client.get("/api/v1/annual-reports/jilin-commerce/2027", headers=jilin.as_("author"))
    assert (ahead.status_code, ahead.json["code"]) == (404, "no-such-annual-report")


@on_sqlite
def test_a_declared_figure_takes_the_place_of_a_computed_one_only_with_a_reason(platform, jilin):
    ledger(platform, jilin, entry("1", outcome=Outcome.GRANTED))
    place = ("3", "1", "C1")

    declare(jilin, [figure(*place, "2")])
    silent = read(jilin)
    assert cells(silent)[place]["value"] == 1
    assert cells(silent)[place]["source"] == "ledger"
    assert silent["holds"] is False
    assert "declared-differs" in rules(silent)

    declare(jilin, [figure(*place, "2", "台账漏登一件，纸质登记簿可查。")])
    explained = read(jilin)
    told = cells(explained)[place]
    assert (told["value"], told["source"], told["counted"]["value"]) == (2, "declared", 1)
    # What the judge finds: the column no longer adds up, nor does the row.
    assert {"ds-flow", "ds-row"} <= set(rules(explained))
    flow = next(each for each in explained["breaches"] if each["rule"] == "ds-flow")
    assert {"table": "3", "row": "1", "column": "C1"} in flow["cells"]
    assert (flow["expected"], flow["found"]) == ("2", "1")

    declare(jilin, [figure(*place, None)])
    assert cells(read(jilin))[place]["declared"] is None


@on_sqlite
def test_a_report_says_what_is_missing_and_which_sections_are_empty(jilin):
    report = read(jilin)

    assert len(report["missing"]) == 198
    assert [each["standing"] for each in report["sections"]] == ["empty"] * 6
    assert rules(report) == ["section-empty"] * 6
    assert {each["value"] for each in cells(report).values()} == {None}

    declare(jilin, [figure("4", "1", "upheld", "0")])
    assert read(jilin)["sections"][3]["standing"] == "incomplete"


@on_sqlite
def test_a_number_in_the_words_that_is_not_that_of_the_table_is_told(platform, jilin):
    ledger(platform, jilin, entry("1", outcome=Outcome.GRANTED))
    write(jilin, (1, "本年收到政府信息公开申请12件，比上年增加3件，其中予以公开1件。"))

    report = read(jilin)
    numbers = report["sections"][0]["numbers"]
    assert [each["fit"] for each in numbers] == ["differs", "unchecked", "fits"]
    breach = next(each for each in report["breaches"] if each["rule"] == "text-differs")
    assert breach["cells"] == [{"table": "3", "row": "1", "column": "C7"}]
    assert "12件" in breach["message"]["zh"]


UNFIT = (
    (figure("3", "9", "C1", "1"), "row"),
    (figure("3", "1", "C1", "-1"), "value"),
    (figure("3", "1", "C1", "1.5"), "value"),
    (figure("3", "1", "C1", "很多"), "value"),
    (figure("3", "1", "C1", 1.5), "value"),
    (figure("2", "20.9.1", "procurement_amount", "1e99"), "value"),
    (figure("2", "20.9.1", "procurement_amount", "9" * 16), "value"),
    (figure("3", "1", "C1", "1", "字" * 501), "explanation"),
)


@on_sqlite
def test_a_figure_that_cannot_stand_in_its_cell_is_refused_and_located(jilin):
    for given, member in UNFIT:
        answer = declare(jilin, [given])
        assert answer.status_code == 422, answer.text
        assert answer.json["errors"][0]["pointer"] == f"/figures/0/{member}"
    assert len(read(jilin)["missing"]) == 198


@on_sqlite
def test_of_figures_that_are_declared_together_all_are_recorded_or_none(jilin):
    twice = [figure("3", "1", "C1", "1"), figure("3", "1", "C1", "2")]
    assert declare(jilin, twice).status_code == 422
    assert declare(jilin, twice[:1]).json["recorded"] == 1
    assert declare(jilin, twice[:1]).json["recorded"] == 0
    assert declare(jilin, twice[1:]).json["recorded"] == 1
    assert cells(read(jilin))["3", "1", "C1"]["declared"]["number"] == 2
    for year in (1999, 2027):
        path = f"annual-reports/jilin-commerce/{year}"
        assert declare(jilin, twice[:1], path).status_code == 404


@on_sqlite
def test_sections_are_written_once_at_a_time_and_their_last_words_count(jilin):
    write(jilin, (1, "旧的文字。"))
    write(jilin, (1, "新的文字。"), (6, "无其他需要报告的事项。"))
    assert write(jilin, (1, "新的文字。")).json["recorded"] == 0
    twice = write(jilin, (1, "一。"), (1, "二。"))
    assert (twice.status_code, twice.json["code"]) == (422, "invalid-section")
    assert twice.json["errors"][0]["pointer"] == "/sections/1/number"
    assert write(jilin, (7, "没有这一部分。")).status_code == 422
    assert write(jilin, (1, "看不见的\u202e字")).status_code == 422
    write(jilin, (6, None))

    sections = read(jilin)["sections"]
    assert sections[0]["text"] == "新的文字。"
    assert sections[0]["person"] == "jilin-commerce author"
    assert sections[5]["standing"] == "empty"


@on_sqlite
def test_personal_data_in_the_words_is_told(jilin):
    write(jilin, (1, "机密★10年"), (5, "请致电 13912345678 联系。"))
    declare(jilin, [figure("2", "20.1.2", "public_total", "8", "经办人11010519491231002X")])

    found = [each for each in read(jilin)["breaches"] if each["rule"] == "words-flagged"]
    assert [each["severity"] for each in found] == ["error", "warning", "error"]
    assert [each["row"] for each in found[2]["cells"]] == ["20.1.2"]


@on_sqlite
def test_once_published_a_report_is_read_as_it_was_reviewed_and_the_next_begins_with_it(
    platform, jilin, printed, client
):
    first = entry("1", outcome=Outcome.REFUSED_THIRD_PARTY_RIGHTS)
    ledger(platform, jilin, first)
    complete(jilin, printed, figure("2", "20.1.2", "public_total", "8", "厅本级制发。"))
    submitted(jilin)
    declare(jilin, [figure("2", "20.1.2", "public_total", "9", "未经审查的说明。")])
    write(jilin, (1, "未经审查的文字。"))

    live, public = read(jilin), read(jilin, role=None)
    place = ("2", "20.1.2", "public_total")
    assert (cells(public)[place]["value"], cells(live)[place]["value"]) == (8, 9)
    assert cells(public)[place]["declared"]["explanation"] == "厅本级制发。"
    assert public["sections"][0]["text"] == "审查过的文字。"
    assert "published-differs" in rules(live)
    assert public["published"] == live["published"] == "statistics"
    trace = read(jilin, f"{REPORT}/cells/3/1/C7", role=None)
    assert (trace["value"], trace["source"], trace["count"]) == (1, "published", None)
    for path in (REPORT, f"{REPORT}/cells/2/20.1.2/public_total"):
        text = client.get(f"/api/v1/{path}").text
        assert "未经审查" not in text
        assert "jilin-commerce author" not in text
    assert public["notes"] == []

    late = entry("2", received=date(2020, 12, 30))
    check_carried_over(platform, jilin, late)

    assert jilin.suspend("statistics", 1).status_code == 201
    assert client.get(f"/api/v1/{REPORT}").status_code == 404


def complete(chain, printed, *figures):
    """Say all that a report needs before it can be submitted."""
    second = [
        figure(*place, row["raw_value"] if "增" in row["raw_value"] else row["value"])
        for place, row in printed.items()
        if place[0] == "2"
    ]
    assert declare(chain, second).status_code == 201
    if figures:
        assert declare(chain, list(figures)).status_code == 201
    texts = ((1, "审查过的文字。"), (5, "尚有不足。"), (6, "未收取信息处理费。"))
    assert write(chain, *texts).status_code == 201
    chain.register("statistics", "disclosure-statistics", "2020")


def submitted(chain, meanwhile=lambda: None):
    """Submit the report its own way; something may happen before it is approved."""
    taken = chain.client.post(f"/api/v1/{REPORT}/submission", headers=chain.as_("author"))
    assert taken.status_code == 202, taken.text
    assert f"/api/v1/{REPORT}" in taken.json["notes"]
    chain.work()
    meanwhile()
    chain.approve(taken.json["id"])
    chain.work()


@on_sqlite
def test_what_is_told_of_a_published_report_does_not_come_from_the_ledger(platform, jilin, printed):
    refused = Outcome.REFUSED_THIRD_PARTY_RIGHTS
    ledger(platform, jilin, entry("1", outcome=refused))
    why = "台账漏登一件，纸质登记簿可查。"
    rows = ("1", refused.row, "3.7")
    complete(
        jilin, printed, *(figure("3", row, at, "2", why) for row in rows for at in ("C1", "C7"))
    )
    submitted(jilin)
    paths = (REPORT, f"{REPORT}/cells/3/1/C1", f"{REPORT}/cells/3/2/C1")
    before = [read(jilin, path, role=None) for path in paths]

    told = cells(before[0])["3", "1", "C1"]
    assert (told["value"], told["source"], told["counted"]) == (2, "declared", None)
    assert told["declared"]["explanation"] == why
    assert "declared-differs" not in rules(before[0])
    assert [(each["counted"], each["count"], each["cases"]) for each in before[1:]] == [
        (None, None, None)
    ] * 2

    carried = entry("2", received=date(2019, 12, 30))
    ledger(platform, jilin, carried, *(entry(str(number)) for number in range(3, 9)))
    assert [read(jilin, path, role=None) for path in paths] == before
    # Its own people see what the ledger holds now.
    live = read(jilin, paths[1])
    assert (live["counted"]["value"], live["count"], len(live["cases"])) == (7, 7, 7)
    assert "declared-differs" in rules(live)


@on_sqlite
@pytest.mark.parametrize(
    ("withheld", "secret"),
    [
        ({"columns": ["note"], "rows": []}, "不便说明的原因"),
        ({"columns": ["value"], "rows": []}, None),
    ],
)
def test_what_was_withheld_of_the_figures_is_not_in_the_report(
    platform, jilin, printed, withheld, secret
):
    ledger(platform, jilin, entry("1", outcome=Outcome.REFUSED_THIRD_PARTY_RIGHTS))
    complete(jilin, printed, figure("2", "20.1.2", "public_total", "8", "不便说明的原因"))
    sent = jilin.client.post(
        f"/api/v1/{REPORT}/submission", json={}, headers=jilin.as_("author")
    ).json["id"]
    jilin.work()
    jilin.approve(sent, "disclose_in_part", reason="部分不公开", withheld=withheld)
    jilin.work()

    public = read(jilin, role=None)
    if secret is None:
        assert {str(each["value"]) for each in cells(public).values()} == {"None"}
        assert {str(each["counted"]) for each in cells(public).values()} == {"None"}
    else:
        assert secret not in str(public)
        assert cells(public)["2", "20.1.2", "public_total"]["value"] == 8


@on_sqlite
@pytest.mark.parametrize("year", [2**31, 2**63])
def test_a_year_beyond_all_numbers_has_no_report_to_submit(jilin, year):
    sent = jilin.client.post(
        f"/api/v1/annual-reports/jilin-commerce/{year}/submission",
        json={},
        headers=jilin.as_("author"),
    )

    assert (sent.status_code, sent.json["code"]) == (404, "no-such-annual-report")


@on_sqlite
def test_words_that_were_not_sent_in_with_the_figures_are_not_published(platform, jilin, printed):
    ledger(platform, jilin, entry("1", outcome=Outcome.REFUSED_THIRD_PARTY_RIGHTS))
    complete(jilin, printed, figure("2", "20.1.2", "public_total", "8", "未经审查的说明。"))
    [wrote] = keys_of(platform, jilin, Role.REVIEWER, Role.AUTHOR)
    assert write(jilin, (5, "审查人写的不足。"), key=wrote).status_code == 201
    # The same figures, as any file: whoever reviews it reads no words, and has none in it.
    jilin.publish("statistics", csv_of(list(printed.values())))

    public = read(jilin, role=None)
    assert {each["text"] for each in public["sections"]} == {None}
    assert {each["declared"] is None for each in cells(public).values()} == {True}
    assert "section-empty" not in rules(public)
    assert len(public["notes"]) == 1
    page = jilin.client.get(f"/api/v1/{REPORT}.html").text
    assert "审查过的文字" not in page
    assert public["notes"][0]["zh"] in page


@on_sqlite
def test_words_that_are_changed_while_they_are_reviewed_are_not_published(platform, jilin, printed):
    ledger(platform, jilin, entry("1", outcome=Outcome.REFUSED_THIRD_PARTY_RIGHTS))
    complete(jilin, printed)
    submitted(jilin, lambda: write(jilin, (1, "审查中改写。")))

    assert {each["text"] for each in read(jilin, role=None)["sections"]} == {None}


@on_sqlite
def test_a_report_that_changes_while_it_is_submitted_is_not(platform, jilin, printed, monkeypatch):
    def and_is_changed(*asked):
        write(jilin, (1, "改写。"))
        return opened(*asked)

    ledger(platform, jilin, entry("1", outcome=Outcome.REFUSED_THIRD_PARTY_RIGHTS))
    complete(jilin, printed)
    opened = submission.opened
    monkeypatch.setattr(submission, "opened", and_is_changed)

    answer = jilin.client.post(f"/api/v1/{REPORT}/submission", headers=jilin.as_("author"))
    assert (answer.status_code, answer.json["code"]) == (409, "annual-report-changed")


def keys_of(platform, chain, person, *roles):
    """More keys of a person of the agency, or of somebody new."""
    with platform.home.database.begin() as session:
        now, scope = platform.now(), chain.who.agency.id
        owner = chain.who.persons.get(person) or access.add_person(session, person, now)
        terms = [access.KeyTerms(role, scope) for role in roles]
        return [access.create_key(session, owner, each, now) for each in terms]


@on_sqlite
def test_whose_words_a_report_has_decides_nothing_on_it(platform, jilin, printed):
    ledger(platform, jilin, entry("1", outcome=Outcome.REFUSED_THIRD_PARTY_RIGHTS))
    complete(jilin, printed, figure("2", "20.1.2", "public_total", "9"))
    [wrote] = keys_of(platform, jilin, Role.REVIEWER, Role.AUTHOR)
    [was_overtaken] = keys_of(platform, jilin, Role.APPROVER, Role.AUTHOR)
    declarer, declares = keys_of(platform, jilin, "declarer", Role.REVIEWER, Role.AUTHOR)
    assert write(jilin, (5, "审查人写的不足。"), key=wrote).status_code == 201
    for key, text in ((was_overtaken, "批准人写的。"), (None, "未收取费用。")):
        assert write(jilin, (6, text), key=key).status_code == 201
    jilin.who.keys[Role.AUTHOR] = declares
    assert declare(jilin, [figure("2", "20.1.2", "public_total", "8")]).status_code == 201
    jilin.who.keys[Role.AUTHOR], colleague = keys_of(
        platform, jilin, "colleague", Role.AUTHOR, Role.REVIEWER
    )
    sent = jilin.client.post(f"/api/v1/{REPORT}/submission", headers=jilin.as_("author")).json["id"]
    jilin.work()
    jilin.answer(sent)
    # What is said after it was sent in is not in it.
    assert write(jilin, (1, "其后的文字。"), key=was_overtaken).status_code == 201

    for key in (None, declarer, colleague):
        if key:
            jilin.who.keys[Role.REVIEWER] = key
        answer = jilin.decide(sent, "reviewer")
        assert (answer.status_code, answer.json["code"]) == (403, "own-submission")
    [jilin.who.keys[Role.REVIEWER]] = keys_of(platform, jilin, "reads it first", Role.REVIEWER)
    for role in ("reviewer", "approver"):
        assert jilin.decide(sent, role).status_code == 201


def check_carried_over(platform, chain, late):
    """What is carried over is what last year's report carried forward, or is explained."""
    path = "annual-reports/jilin-commerce/2021"
    ledger(platform, chain, late)
    report = read(chain, path)
    assert cells(report)["3", "2", "C1"]["value"] == 1
    broken = [each for each in report["breaches"] if each["rule"] == "ds-carry"]
    assert [each["cells"][0]["column"] for each in broken] == ["C1", "C7"]
    assert (broken[0]["expected"], broken[0]["found"]) == ("0", "1")

    why = "2020 年 12 月 30 日收到的一件未列入上年报告。"
    declare(chain, [figure("3", "2", each, "1", why) for each in ("C1", "C7")], path)
    explained = read(chain, path)
    assert "ds-carry" not in rules(explained)
    told = [each for each in explained["breaches"] if each["rule"] == "ds-carry-reasoned"]
    assert [each["explained"] for each in told] == [True, True]


def test_two_at_once_number_their_figures_one_after_the_other(platform, jilin):
    def declare_one(value):
        with platform.home.database.begin() as session:
            report = Named(JILIN.id, 2020)
            place = Place("3", "1", "C1")
            given = [Figure(place, Decimal(value))]
            return declare_figures(session, who, report, given, platform.now())

    with platform.home.database.read() as session:
        secret = jilin.who.keys[Role.AUTHOR]
        who = authenticate(session, secret, platform.now(), loopback=True)
    with ThreadPoolExecutor(4) as several:
        assert list(several.map(declare_one, range(4))) == [1, 1, 1, 1]
    with platform.home.database.read() as session:
        told = declared_in(session, Named(JILIN.id, 2020))
    assert [each.number for each in told.values()] == [4]
