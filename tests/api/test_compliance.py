"""Obligations over HTTP: numbers with their cases, what is recorded, what nobody learns of.

The catalogue of obligations is published once for the module; every test speaks of another one.
"""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle
from threading import Barrier
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from opendata.app import app_of
from opendata.cli.overdue import overdue
from opendata.domain.compliance import Frequency, Kind, Obligation, OccasionExists, Word
from opendata.domain.compliance.model import WITHHELD
from opendata.domain.people import EVERY_AGENCY, Role
from opendata.runtime import Runtime
from opendata.stages import access, comply
from opendata.storage.tables import AuditRow, FulfilmentRow
from tests.api.duties import duty
from tests.chain import AGENCY, OTHER, Chain, Clock, cast, sign, work_off
from tests.platforms import BEGINNING, close, on_sqlite, settings_of
from tests.tables import changed, csv_of, real_rows

DOCUMENT = {"kind": "document", "url": "https://www.example.gov.cn/1", "fulfilled_on": "2026-02-25"}
EXEMPTION = {
    "kind": "exemption",
    "basis": "《政府信息公开条例》第十五条",
    "reason": "涉及商业秘密，权利人不同意公开",
}

UNTOLD = ("publisher_name", "obligation_code", "field", "level1_item", "region_code")

DUTIES = [
    duty("01-001", frequency="annual", collection="budgets", effective_from="2019-06-01",
         field="财政", effective_until="2020-12-31"),
    duty("01-002", frequency="quarterly", field="财政", effective_from="2025-07-01"),
    duty("01-003", method="on_request"),
    duty("01-004", second_level_items="1"),
    duty("01-004-1", item_level="2", level1_item="事项 01-004", level2_item="二级",
         second_level_items="1"),
    duty("01-005", deadline_rule=""),
    duty("01-006", frequency="annual", deadline_rule="BUD-DEPT"),
    *(duty(f"02-00{number}") for number in range(1, 7)),
]  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory, template_home):
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("compliance") / "home")
    runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
    people, _ = cast(runtime, AGENCY), cast(runtime, OTHER)
    chain = Chain(app_of(runtime).test_client(), people, lambda: work_off(runtime))
    chain.publish_rows("duties", "disclosure-obligations", "rolling", DUTIES)
    yield chain
    close(runtime)


@pytest.fixture
def moment(town):
    """The platform's clock, which stands where it stood when the test is over."""
    clock = town.client.application.extensions["opendata"].now
    began = clock.moment
    yield clock
    clock.moment = began


def of(town, code):
    """Return the ``_id`` of an obligation."""
    [found] = town.records("disclosure-obligations", obligation_code=code, fields="_id")
    return found["_id"]


def occasion(town, code, name="示政〔2026〕3号", role="reviewer", **more):
    return town.client.post(
        f"/api/v1/obligations/{of(town, code)}/occasions",
        json={"occasion": name, "trigger_date": "2026-02-02", **more},
        headers={**town.as_(role), "Accept-Language": "en"},
    )


def fulfil(town, code, name="示政〔2026〕3号", role="approver", **word):
    return town.client.post(
        f"/api/v1/obligations/{of(town, code)}/fulfilments",
        json={"occasion": name, **word},
        headers={**town.as_(role), "Accept-Language": "en"},
    )


def stands(town, code, **asked):
    """Return the cases of an obligation: by occasion, where it stands."""
    found = town.records("compliance/cases", obligation_code=code, **asked)
    return {each["occasion"]: (each["status"], each["late_by"]) for each in found}


def summary(town, **asked):
    answer = town.get("compliance", **asked)
    assert answer.status_code == 200, answer.text
    return answer.json


def counted(town, address):
    """Return how many cases the address of a number lists."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    return town.get(parts.path.removeprefix("/api/v1/"), **asked, count="exact").json["meta"][
        "total"
    ]


def test_every_number_leads_to_the_cases_it_counts(town):
    occasion(town, "02-001")
    for by in ("agency", "publisher", "field", "region", "year", "period"):
        found = summary(town, by=by, region="450300")
        parts = [each["cases"]["value"] for each in found["groups"]]
        assert sum(parts) == found["whole"]["cases"]["value"] > 0
    # Of the last of them, and of a group, every number is looked up.
    for each in (found["whole"], found["groups"][-1]):
        rates = each["rates"].values()
        numbers = [each["cases"], *each["counts"].values()]
        numbers += [rate[part] for rate in rates for part in ("numerator", "denominator")]
        wanted = {number["cases"]: number["value"] for number in numbers}
        assert {address: counted(town, address) for address in wanted} == wanted
    assert summary(town, agency=OTHER.id)["whole"]["rates"]["on_time"]["rate"] is None
    assert summary(town, field="财政", period="2025Q3")["whole"]["cases"]["value"] == 1
    assert town.get("compliance", agency="nobody").json["code"] == "no-such-agency"


def test_periods_are_owed_by_themselves_headings_and_requests_are_not(town):
    assert stands(town, "01-002") == {
        "2025Q3": ("overdue", 79),
        "2025Q4": ("overdue", 18),
        "2026Q1": ("due", None),
    }
    for code in ("01-003", "01-004"):
        assert stands(town, code) == {}
        assert occasion(town, code).json["code"] == "not-an-obligation"
    assert occasion(town, "01-004-1").status_code == 201


def test_a_dataset_of_the_period_meets_it_until_it_is_taken_down(town, moment):
    """Its first release counts; what is in review does not, nor what is suspended."""
    assert [each[0] for each in stands(town, "01-001").values()] == ["overdue", "overdue"]
    town.register("b", "budgets", "2019")
    waiting = town.submitted("b", csv_of(
        changed(real_rows("budgets-2019", 0, 3), publisher_name=AGENCY.name.zh)
    ))  # fmt: skip
    assert stands(town, "01-001")["2019"][0] == "overdue"
    assert '"b"' not in town.get("compliance/cases").text
    town.approve(waiting)
    town.work()
    assert stands(town, "01-001")["2019"][0] == "late"
    [row] = town.records("compliance/cases", met_dataset="b")
    assert (row["occasion"], row["met_release"], row["fulfilled_on"]) == ("2019", 1, "2026-03-02")

    moment.advance(days=1)
    assert town.suspend("b", 1).status_code == 201
    assert stands(town, "01-001")["2019"][0] == "overdue"
    assert '"b"' not in town.get("compliance/cases").text
    # On the day before, nobody had taken it down yet.
    assert stands(town, "01-001", as_of="2026-03-02")["2019"][0] == "late"
    assert fulfil(town, "01-001", "2019", kind="release", dataset="b", release=1).status_code == 422


def test_an_occasion_is_met_by_a_document_exempted_and_taken_back(town):
    made = occasion(town, "02-002", title="某事")
    assert (made.status_code, made.json["due_date"], made.json["status"]) == (
        201,
        "2026-03-06",
        "due",
    )
    assert counted(town, made.headers["Location"]) == 1
    assert fulfil(town, "02-002", **DOCUMENT).json["status"] == "on_time"
    assert fulfil(town, "02-002", **EXEMPTION).json["status"] == "exempt"
    back = fulfil(town, "02-002", kind="annulment", reason="误记")
    assert (back.json["status"], back.json["url"]) == ("on_time", DOCUMENT["url"])
    assert fulfil(town, "02-002", kind="annulment", reason="误记").json["status"] == "due"
    empty = fulfil(town, "02-002", kind="annulment", reason="误记")
    assert (empty.status_code, empty.json["code"]) == (409, "nothing-to-annul")
    again = occasion(town, "02-002")
    assert (again.status_code, again.json["code"]) == (409, "occasion-exists")


def test_as_of_a_day_nothing_counts_that_was_recorded_later(town, moment):
    occasion(town, "02-003")
    moment.advance(days=30)
    fulfil(town, "02-003", **DOCUMENT)

    assert list(stands(town, "02-003").values()) == [("on_time", 0)]
    assert list(stands(town, "02-003", as_of="2026-03-06").values()) == [("due", None)]
    assert list(stands(town, "02-003", as_of="2026-03-31").values()) == [("overdue", 17)]
    assert stands(town, "02-003", as_of="2026-03-01") == {}
    known = summary(town, as_of="2026-03-31")
    assert (known["as_of"], "2026-03-31" in known["known"]["en"]) == ("2026-03-31", True)
    assert summary(town, as_of="0001-01-01")["whole"]["cases"]["value"] == 0
    for path in ("compliance", "compliance/cases"):
        refusal = town.get(path, as_of="2026-04-30")
        assert (refusal.status_code, refusal.json["code"]) == (400, "bad-query")


def test_cases_are_worked_out_once_until_the_facts_change(town, monkeypatch):
    worked_out = []

    def noted(*given):
        worked_out.append(given)
        return cases(*given)

    cases = comply.finding.cases
    monkeypatch.setattr(comply.finding, "cases", noted)
    before = summary(town)["whole"]["cases"]["value"]
    for path in ("compliance", "compliance/cases", "compliance/cases.csv"):
        town.get(path, by="field") if path == "compliance" else town.get(path)
    assert len(worked_out) <= 1
    occasion(town, "02-004")

    assert summary(town)["whole"]["cases"]["value"] == before + 1


def test_an_agency_with_too_many_cases_is_left_out_of_the_whole_by_name(town, monkeypatch, moment):
    monkeypatch.setattr(comply.finding, "MOST_CASES", 1)
    moment.advance(days=1)

    found = summary(town)
    assert (found["left_out"], found["whole"]["cases"]["value"]) == ([AGENCY.id], 0)
    assert town.get("compliance/cases").json["meta"]["left_out"] == [AGENCY.id]
    refusal = town.get("compliance", agency=AGENCY.id)
    assert (refusal.status_code, refusal.json["code"]) == (422, "too-many-cases")
    assert [each["pointer"] for each in refusal.json["errors"]] == ["?agency"]
    assert town.get("compliance/cases", agency=OTHER.id).json["data"] == []


def test_a_workbook_of_more_rows_than_a_sheet_has_is_refused_and_a_csv_is_not(town, monkeypatch):
    monkeypatch.setattr("opendata.tabular.export.sheet_rows.MAX_ROWS", 1)

    refusal = town.get("compliance/cases.xlsx")
    assert (refusal.status_code, refusal.json["code"]) == (422, "too-big-for-xlsx")
    assert town.get("compliance/cases.csv").status_code == 200


def test_an_occasion_does_not_put_off_what_is_owed_already(town):
    late = occasion(town, "01-002", "2025Q3", trigger_date="2026-02-02")
    assert [each["pointer"] for each in late.json["errors"]] == ["/trigger_date"]
    refusal = occasion(town, "01-006", "2025", trigger_date="2026-02-02")
    assert (refusal.status_code, refusal.json["code"]) == (409, "occasion-too-late")
    assert stands(town, "01-006")["2025"][0] == "overdue"
    assert occasion(town, "01-006", "2025", trigger_date="2025-12-01").status_code == 201


def test_the_list_says_when_a_word_was_recorded(town):
    said = fulfil(town, "01-006", "2024", kind="document", url="https://www.example.gov.cn/1",
                  fulfilled_on="2025-01-20")  # fmt: skip
    assert (said.json["fulfilled_on"], said.json["said_on"]) == ("2025-01-20", "2026-03-02")


@on_sqlite
def test_a_release_from_before_the_approval_meets_nothing_the_next_one_does(chain, clock):
    """What may not be said of a release does not come about without a word either."""
    clock.set("2026-01-05T10:00:00+08:00")
    duties = [duty("01", frequency="annual", effective_from="2025-06-01", collection="budgets",
                   deadline_rule="BUD-DEPT")]  # fmt: skip
    chain.publish_rows("duties", "disclosure-obligations", "rolling", duties)
    rows = changed(real_rows("budgets-2018", 0, 3), publisher_name=AGENCY.name.zh)
    for year in ("2025", "2027"):
        chain.register(f"b{year}", "budgets", year)
        chain.publish(f"b{year}", csv_of(changed(rows, fiscal_year=year)))
    clock.set("2026-01-15T10:00:00+08:00")
    assert occasion(chain, "01", "2025", trigger_date="2026-01-15").json["status"] == "due"
    said = fulfil(chain, "01", "2025", kind="release", dataset="b2025", release=1)
    assert [each["pointer"] for each in said.json["errors"]] == ["/release"]
    assert stands(chain, "01")["2025"] == ("due", None)

    clock.set("2026-01-20T10:00:00+08:00")
    corrected = changed(rows, fiscal_year="2025", explanation="批准后公布")
    chain.publish("b2025", csv_of(corrected))
    [met] = chain.records("compliance/cases", met_dataset="b2025")
    assert (met["status"], met["met_release"], met["fulfilled_on"]) == ("on_time", 2, "2026-01-20")
    assert stands(chain, "01", as_of="2026-01-19")["2025"] == ("due", None)
    chain.suspend("b2025", 2)
    assert stands(chain, "01")["2025"] == ("due", None)
    clock.set("2027-03-01T10:00:00+08:00")
    assert stands(chain, "01")["2027"] == ("due", None)


@on_sqlite
def test_catalogues_taken_down_later_stay_in_the_past_and_transcribing_meets_nothing(chain, clock):
    rows = real_rows("budgets-2019", 0, 3)
    duties = [duty("01", frequency="annual", effective_from="2019-06-01", collection="budgets")]
    chain.publish_rows("duties", "disclosure-obligations", "rolling", duties)
    publishers = sorted({each["publisher_name"] for each in rows})
    chain.register("b", "budgets", "2019", transcribes=publishers)
    chain.publish("b", csv_of(rows))
    before = stands(chain, "01")
    clock.advance(days=2)
    chain.suspend("duties", 1)

    assert before["2019"][0] == "overdue"
    past = chain.records("compliance/cases", as_of="2026-03-02")
    assert {each["occasion"]: (each["status"], each["late_by"]) for each in past} == before
    assert stands(chain, "01") == {}
    assert stands(chain, "01", as_of="2026-03-04") == {}


@on_sqlite
def test_what_a_suspended_catalogue_says_is_told_nowhere_though_it_still_counts(chain, clock):
    secret = {"publisher_name": AGENCY.name.zh, "field": "密甲", "level1_item": "密乙",
              "obligation_code": "99-777"}  # fmt: skip
    rows = [duty("01", frequency="quarterly", effective_from="2025-07-01") | secret]
    chain.publish_rows("duties", "disclosure-obligations", "rolling", rows)
    occasion(chain, "99-777", "2025Q3", title="密丙", trigger_date="2025-09-30")
    asked = {"as_of": "2026-03-02"}
    before = summary(chain, **asked)["whole"]["counts"]
    clock.advance(days=2)
    chain.suspend("duties", 1)

    told = chain.records("compliance/cases", **asked)
    assert {tuple(each[name] for name in UNTOLD) for each in told} == {(WITHHELD,) * len(UNTOLD)}
    assert (len(told), {each["title"] for each in told}) == (3, {None})
    assert summary(chain, **asked)["whole"]["counts"] == before
    assert counted(chain, before["overdue"]["cases"]) == before["overdue"]["value"] == 2
    for by in ("field", "publisher", "region"):
        found = summary(chain, by=by, **asked)
        [group] = found["groups"]
        assert (group["key"], group["cases"]["value"]) == (WITHHELD, 3)
        assert counted(chain, group["cases"]["cases"]) == 3
    for path, more in (("compliance/cases", {"facet": ",".join(UNTOLD)}),
                       ("compliance/cases.csv", {}),
                       ("compliance", {"by": "field"})):  # fmt: skip
        text = chain.get(path, **asked, **more).text
        assert WITHHELD in text
        assert not [word for word in ("密", "99-777", "450321") if word in text], path
    for narrowed in ({"field": "密甲"}, {"q": "密乙"}, {"level1_item": "密乙"},
                     {"region_code": "450321"}, {"obligation_code__startswith": "99"}):  # fmt: skip
        assert chain.records("compliance/cases", **asked, **narrowed) == []
    for narrowed in ({"field": "密甲"}, {"region": "4503"}):
        assert summary(chain, **asked, **narrowed)["whole"]["cases"]["value"] == 0
    assert "密" not in chain.get(f"agencies/{AGENCY.id}/compliance.atom").text
    clock.advance(minutes=1)
    assert chain.lift("duties", 1, "supervisor").status_code == 201
    assert {each["field"] for each in chain.records("compliance/cases", **asked)} == {"密甲"}


@on_sqlite
def test_who_becomes_an_agency_answers_from_then_on_with_what_was_said_before(
    chain, clock, platform
):
    """What the agency said whose catalogue it is stays said, and no past day is told otherwise."""
    duties = [duty("01", frequency="quarterly", effective_from="2025-10-01"), duty("02")]
    rows = changed(duties, publisher_name=OTHER.name.zh)
    chain.publish_rows("duties", "disclosure-obligations", "rolling", rows)
    clock.set("2026-03-05T10:00:00+08:00")
    occasion(chain, "02")
    fulfil(chain, "01", "2025Q4", **DOCUMENT)
    fulfil(chain, "02", **DOCUMENT)

    def told(**asked):
        found = chain.records("compliance/cases", sort="obligation_code,occasion", **asked)
        return [(each["agency"], each["occasion"], each["status"]) for each in found]

    def stood(agency):
        occasions = (("2025Q4", "late"), ("2026Q1", "due"), ("示政〔2026〕3号", "on_time"))
        return [(agency, *each) for each in occasions]

    assert told() == stood(AGENCY.id)
    # In China the day after has begun; by the world's clock it has not.
    clock.set("2026-03-21T00:00:00+08:00")
    others = cast(platform, OTHER)
    assert told(as_of="2026-03-05") == told(as_of="2026-03-20") == stood(AGENCY.id)
    assert told() == told(as_of="2026-03-21") == stood(OTHER.id)
    clock.set("2026-03-22T10:00:00+08:00")
    assert (told(as_of="2026-03-20"), told(as_of="2026-03-21")) == (
        stood(AGENCY.id),
        stood(OTHER.id),
    )
    by_agency = summary(chain, as_of="2026-03-20", by="agency")["groups"]
    assert [each["key"] for each in by_agency] == [AGENCY.id]
    again = chain.client.post(
        f"/api/v1/obligations/{of(chain, '02')}/occasions",
        json={"occasion": "示政〔2026〕3号", "trigger_date": "2026-02-02"},
        headers=sign(others.keys["reviewer"]),
    )
    assert (again.status_code, again.json["code"]) == (409, "occasion-exists")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"trigger_date": "2026-03-03"}, "/trigger_date"),
        ({"trigger_date": "2024-05-31"}, "/trigger_date"),
        ({"trigger_date": "2026-02-30"}, "/trigger_date"),
        ({"trigger_date": None}, "/trigger_date"),
        ({"occasion": ""}, "/occasion"),
        ({"occasion": " 某文"}, "/occasion"),
        ({"occasion": "x" * 101}, "/occasion"),
        ({"occasion": "某\u202e文"}, "/occasion"),
        ({"title": "x" * 501}, "/title"),
        ({"title": "某\u0007事"}, "/title"),
        ({"title": "对某人（11010519491231002X）的答复"}, "/title"),
        ({"occasion": "11010519491231002X"}, "/occasion"),
        ({"rule": "NO-SUCH"}, "/rule"),
        ({"rule": "PEN-WINDOW"}, "/rule"),
        ({"rule": "AR-GOV"}, "/rule"),
        ({"more": 1}, "/more"),
    ],
)
def test_an_occasion_that_cannot_be_is_told_where(town, body, pointer):
    refusal = occasion(town, "02-005", **{"name": "某文", **{
        "name" if name == "occasion" else name: value for name, value in body.items()
    }})  # fmt: skip

    assert refusal.status_code == 422, refusal.text
    assert [each["pointer"] for each in refusal.json["errors"]] == [pointer]
    assert stands(town, "02-005") == {}


@pytest.mark.parametrize(
    ("word", "pointers"),
    [
        ({**DOCUMENT, "url": "http://www.example.gov.cn/1"}, ["/url"]),
        ({**DOCUMENT, "url": None}, ["/url"]),
        ({**DOCUMENT, "fulfilled_on": "2026-03-03"}, ["/fulfilled_on"]),
        ({**DOCUMENT, "dataset": "b"}, ["/dataset"]),
        ({**DOCUMENT, "fulfilled_on": "2025-06-30"}, ["/fulfilled_on"]),
        ({"kind": "release", "dataset": "duties"}, ["/release"]),
        ({"kind": "release", "dataset": "nothing", "release": 1}, ["/release"]),
        ({"kind": "release", "dataset": "duties", "release": 2}, ["/release"]),
        ({"kind": "release", "dataset": "duties", "release": 2**31}, ["/release"]),
        ({**EXEMPTION, "basis": None}, ["/basis"]),
        ({**EXEMPTION, "reason": " "}, ["/reason"]),
        ({**EXEMPTION, "reason": "申请人 11010519491231002X 不同意"}, ["/reason"]),
        ({"kind": "annulment"}, ["/reason"]),
        ({"kind": "other"}, ["/kind"]),
    ],
)
def test_a_word_that_cannot_be_is_told_where(town, word, pointers):
    refusal = fulfil(town, "01-002", "2025Q3", **word)

    assert refusal.status_code == 422, refusal.text
    assert [each["pointer"] for each in refusal.json["errors"]] == pointers


def test_a_release_is_of_the_collection_that_the_obligation_names(town):
    refusal = fulfil(town, "01-001", "2019", kind="release", dataset="duties", release=1)
    assert [each["code"] for each in refusal.json["errors"]] == ["other-collection"]


def test_a_word_needs_a_case_and_a_case_an_obligation(town):
    for name in ("2025", "2026Q2", "某文", "x" * 100):
        refusal = fulfil(town, "01-002", name, **DOCUMENT)
        assert (refusal.status_code, refusal.json["code"]) == (404, "no-such-case")
    for path, body in (("occasions", {"occasion": "x", "trigger_date": "2026-02-02"}),
                       ("fulfilments", {"occasion": "x", **DOCUMENT})):  # fmt: skip
        answer = town.client.post(
            f"/api/v1/obligations/{'a' * 52}/{path}", json=body, headers=town.as_("approver")
        )
        assert (answer.status_code, answer.json["code"]) == (404, "no-such-record")


def test_only_an_approver_exempts_and_what_names_no_rule_follows_the_general_one(town):
    made = occasion(town, "01-005")
    assert made.json["rule"] == "PRO-2019"
    refusal = fulfil(town, "01-005", role="reviewer", **EXEMPTION)

    assert (refusal.status_code, refusal.json["code"]) == (403, "wrong-role")
    assert fulfil(town, "01-005", **EXEMPTION).json["reason"] == EXEMPTION["reason"]
    assert occasion(town, "01-005", "另文", rule="BUD-GOV").json["due_date"] == "2026-02-22"


def test_a_release_of_the_agency_meets_a_case_on_the_day_it_was_public(town):
    found = fulfil(town, "01-002", "2025Q4", kind="release", dataset="duties", release=1)

    assert (found.json["status"], found.json["fulfilled_on"]) == ("late", "2026-03-02")
    fulfil(town, "01-002", "2025Q4", kind="annulment", reason="误记")


def test_the_log_has_a_line_for_each_fact_and_no_words(town):
    occasion(town, "02-006", "不得入日志", title="不得入日志")
    fulfil(town, "02-006", "不得入日志", **EXEMPTION)
    runtime = town.client.application.extensions["opendata"]
    with runtime.home.database.read() as session:
        lines = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(2)).all()

    assert [each.action for each in lines] == ["fulfilment-exemption", "occasion-recorded"]
    assert not [each for each in lines if not each.subject.isascii()]


def test_a_feed_tells_what_an_agency_owes(town):
    answer = town.get(f"agencies/{AGENCY.id}/compliance.atom")
    assert answer.content_type == "application/atom+xml"
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(answer.text)  # noqa: S314 - it is our own.
    ids = [each.findtext(f"{atom}id") for each in root.iter(f"{atom}entry")]
    updated = [each.findtext(f"{atom}updated") for each in root.iter(f"{atom}entry")]

    assert len(ids) == len(set(ids)) > 2
    assert updated == sorted(updated, reverse=True)
    assert root.findtext(f"{atom}updated") == updated[0]
    assert all(counted(town, each.partition("#")[0]) == 1 for each in ids)
    again = town.client.get(
        f"/api/v1/agencies/{AGENCY.id}/compliance.atom",
        headers={"If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304
    assert town.get("agencies/nobody/compliance.atom").json["code"] == "no-such-agency"


def test_cron_is_told_by_the_exit_status_whether_anything_is_overdue(town):
    home = town.client.application.extensions["opendata"].settings.home

    def ran(*more):
        asked = ["--as-of", "2026-03-02", *more]
        return CliRunner().invoke(overdue, asked, obj={"OPENDATA_HOME": str(home)})

    line = (
        f"2025-11-04  {AGENCY.id}  01-002  事项 01-002  2025Q3  "
        "逾期 79 个工作日 79 working days overdue\n"
    )
    mine, none = ran("--agency", AGENCY.id), ran("--agency", OTHER.id)
    assert (mine.exit_code, line in mine.stdout) == (1, True)
    assert (none.exit_code, none.stdout) == (0, "")
    assert ran("--agency", "nobody").exception.code == "no-such-agency"
    told = json.loads(ran("--json").stdout_bytes)
    assert told["overdue"] == len(told["data"]) > 0
    assert told["left_out"] == []


class _Answered:
    """What a platform answered to a test, as the command reads it."""

    def __init__(self, answer):
        self.ok, self._answer = answer.status_code < 400, answer

    def json(self):
        return self._answer.json


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_cron_is_told_by_the_exit_status_that_something_was_not_looked_at(
    town, monkeypatch, moment, is_elsewhere
):
    def got(url, params, timeout):
        return _Answered(town.client.get(urlsplit(url).path, query_string=params))

    monkeypatch.setattr("opendata.cli.overdue.requests.get", got)
    monkeypatch.setattr(comply.finding, "MOST_CASES", 1)
    moment.advance(days=1)
    home = town.client.application.extensions["opendata"].settings.home
    asked = ["--server", "http://localhost:1"] if is_elsewhere else []

    def ran(*more):
        more = ["--as-of", "2026-03-02", *asked, *more]
        return CliRunner().invoke(overdue, more, obj={"OPENDATA_HOME": str(home)})

    told = ran()
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.count("\n") == 1
    assert "是否逾期不明 left out for having too many cases: " + AGENCY.id in told.stderr
    told = ran("--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout_bytes) == {"overdue": 0, "left_out": [AGENCY.id], "data": []}


OWED = Obligation(
    id="a" * 52,
    agency=AGENCY.id,
    publisher=AGENCY.name.zh,
    code="01",
    field="就业",
    item="事项",
    subitem="",
    region="450321",
    frequency=Frequency.AD_HOC,
    rule="PRO",
    collection=None,
    since=date(2025, 1, 1),
)


@pytest.fixture
def speaking(platform, people, monkeypatch):
    """Let two persons speak of one obligation while who answers for it becomes an agency."""
    owed = cycle([OWED, replace(OWED, agency=OTHER.id)])
    monkeypatch.setattr("opendata.stages.comply.recording.obligation", lambda *_: next(owed))
    actors = {}
    with platform.home.database.begin() as session:
        access.add_agency(session, OTHER, BEGINNING)
        for role in (Role.REVIEWER, Role.APPROVER):
            terms = access.KeyTerms(role, EVERY_AGENCY)
            actors[role] = access.session_key(session, people.persons[role], terms, BEGINNING)
    sources = comply.Sources(platform.home, platform.contracts, platform.rules)

    def both(say):
        together = Barrier(2)

        def one(role):
            together.wait()
            try:
                return say(sources, actors[role])
            except OccasionExists as refusal:
                return refusal.code

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(one, actors))

    return both


def test_two_words_on_one_case_take_turns(speaking, platform):
    happened = comply.Happened("某文", date(2026, 2, 2))
    now = BEGINNING + timedelta(days=1)
    met = Word(Kind.DOCUMENT, date(2026, 2, 9), url="https://www.example.gov.cn/1")

    made = speaking(lambda *by: comply.record_occasion(*by, OWED.id, happened, now))
    assert [each for each in made if each == "occasion-exists"] == ["occasion-exists"]
    speaking(lambda *by: comply.fulfil(*by, (OWED.id, "某文"), replace(met), now))
    with platform.home.database.read() as session:
        rows = session.scalars(select(FulfilmentRow).order_by(FulfilmentRow.number)).all()
    assert [row.number for row in rows] == [1, 2]
    assert len({row.person_id for row in rows}) == len({row.agency_id for row in rows}) == 2


def test_another_agencys_key_records_nothing(town):
    runtime = town.client.application.extensions["opendata"]
    with runtime.home.database.begin() as session:
        person = access.add_person(session, "他机关", BEGINNING)
        key = access.create_key(
            session, person, access.KeyTerms(Role.APPROVER, OTHER.id), BEGINNING
        )
    answer = town.client.post(
        f"/api/v1/obligations/{of(town, '02-001')}/fulfilments",
        json={"occasion": "示政〔2026〕3号", **DOCUMENT},
        headers=sign(key),
    )

    assert (answer.status_code, answer.json["code"]) == (403, "wrong-agency")


def test_a_complaint_names_an_item_that_its_agency_owes(town):
    told = {"ground": "late", "statement": "逾期未公开。", "obligation": of(town, "02-001")}
    answers = [
        town.client.post("/api/v1/complaints", json={"agency": each.id, **told}).status_code
        for each in (AGENCY, OTHER)
    ]

    assert answers == [201, 404]
