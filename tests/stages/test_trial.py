"""A changed contract is tried on everything that was published, and says what would fail newly."""

import json
import shutil
from pathlib import Path

import pytest

from opendata.domain.catalogue import NoSuchCollection
from opendata.runtime import Runtime
from opendata.stages import trial
from opendata.stages.trial import Failure, Outcome
from opendata.tabular.contract import load
from tests.chain import AGENCY, Chain, Clock, cast, work_off
from tests.changed import (
    changed_contract,
    field_of,
    narrower_enum,
    new_required_column,
    nothing,
    stricter_maximum,
)
from tests.platforms import BEGINNING, close, on_sqlite, settings_of
from tests.tables import changed, csv_of, real_rows

ROWS = real_rows("budgets-2019")
OVER = [row for row in ROWS if float(row["amount_total"]) > 600]


def publish_twice(chain):
    """Publish a dataset with two releases: five rows, then two of them."""
    rows = changed(ROWS, publisher_name=chain.who.agency.name.zh)
    chain.publish_rows("b", "budgets", "2019", rows)
    chain.publish("b", csv_of(rows[:2]))
    return rows


@pytest.fixture
def published(chain):
    return publish_twice(chain)


@pytest.fixture(scope="module")
def settled(tmp_path_factory, template_home, contracts, web):
    """A platform with those releases, which tests share: a trial changes nothing."""
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("settled") / "home")
    runtime = Runtime.around(settings_of(home), contracts, Clock(BEGINNING))
    web.extensions["opendata"] = runtime
    publish_twice(Chain(web.test_client(), cast(runtime, AGENCY), lambda: work_off(runtime)))
    yield runtime
    close(runtime)


def tried(platform, folder: Path):
    """Return what a contract finds, and by the contracts that are in force."""
    known = {each.name: each for each in platform.contracts.values()}
    return list(trial.trials(platform.home, platform.contracts, known, load(folder)))


def outcomes(found):
    return [(each.release, each.current, each.outcome) for each in found]


def failures(each):
    return {failure.failure: failure.count for failure in each.failures}


def test_a_contract_that_is_not_stricter_fails_nothing(settled, tmp_path):
    found = tried(settled, changed_contract(tmp_path, "budgets", nothing))

    assert outcomes(found) == [(1, False, Outcome.PASSES), (2, True, Outcome.PASSES)]
    assert [each.rows for each in found] == [5, 2]
    assert {each.contract for each in found} == {"budgets/v1"}


def test_a_stricter_maximum_names_release_column_and_rows(settled, tmp_path):
    assert 0 < len(OVER) < len(ROWS)
    first, second = tried(settled, changed_contract(tmp_path, "budgets", stricter_maximum))

    assert first.outcome is Outcome.FAILS
    assert failures(first) == {Failure("constraint-error", "amount_total", None): len(OVER)}
    assert first.failures[0].rows == tuple(2 + ROWS.index(row) for row in OVER)
    assert first.dataset.agency.id == "county-office"
    assert first.compared is True
    still_over = sum(float(row["amount_total"]) > 600 for row in ROWS[:2])
    assert sum(failures(second).values()) == still_over


def test_a_narrower_enum_fails_every_row_that_has_the_value(settled, tmp_path):
    first, second = tried(settled, changed_contract(tmp_path, "budgets", narrower_enum))

    kind = Failure("constraint-error", "unit", None)
    assert (failures(first), failures(second)) == ({kind: 5}, {kind: 2})


def test_a_new_required_column_is_missing_from_every_file(settled, tmp_path):
    found = tried(settled, changed_contract(tmp_path, "budgets", new_required_column))

    for each in found:
        assert Failure("missing-label", "currency", None) in failures(each)


@on_sqlite
def test_a_changed_title_is_told_as_the_header_that_no_longer_fits(
    chain, platform, published, tmp_path
):
    titles = {row_name: row_name for row_name in ROWS[0]}
    schema = json.loads(json.dumps(dict(platform.contracts["budgets"].table_schema)))
    titles["amount_total"] = field_of(schema, "amount_total")["title"]
    rows = [{titles[name]: cell for name, cell in row.items()} for row in published]
    chain.publish("b", csv_of(rows))

    def retitled(schema):
        field_of(schema, "amount_total")["title"] = "总金额"

    found = tried(platform, changed_contract(tmp_path, "budgets", retitled))
    assert [each.outcome for each in found][:2] == [Outcome.PASSES, Outcome.PASSES]
    assert Failure("incorrect-label", "amount_total", None) in failures(found[2])


@on_sqlite
def test_what_the_registration_would_refuse_now_is_no_fault_of_the_contract(
    chain, platform, tmp_path
):
    """The publishers were taken off the registration since: the old contract fails it as well."""
    chain.publish_rows("b", "budgets", "2019", ROWS)
    answer = chain.client.patch(
        "/api/v1/datasets/b", json={"transcribes": []}, headers=chain.as_("author")
    )
    assert answer.status_code == 200, answer.text
    [found] = tried(platform, changed_contract(tmp_path / "a", "budgets", nothing))
    assert found.outcome is Outcome.PASSES

    [found] = tried(platform, changed_contract(tmp_path / "b", "budgets", stricter_maximum))
    assert failures(found) == {Failure("constraint-error", "amount_total", None): len(OVER)}


def test_a_release_whose_own_contract_is_gone_is_said_not_to_be_compared(settled, tmp_path):
    folder = changed_contract(tmp_path, "budgets", stricter_maximum)
    first, _ = trial.trials(settled.home, settled.contracts, {}, load(folder))

    assert (first.outcome, first.compared) == (Outcome.FAILS, False)


@on_sqlite
def test_what_is_suspended_or_erased_is_said_and_not_tried(chain, platform, published, tmp_path):
    submission = chain.submission(
        chain.client.get("/api/v1/submissions", headers=chain.as_("author")).json["data"][0]["id"]
    )
    path = platform.home.vault.path(submission["sha256"])
    path.chmod(0o600)
    path.unlink()
    chain.suspend("b", 1)

    found = tried(platform, changed_contract(tmp_path, "budgets", stricter_maximum))
    assert outcomes(found) == [(1, False, Outcome.SUSPENDED), (2, True, Outcome.ERASED)]
    assert [each.failures for each in found] == [(), ()]


@on_sqlite
def test_a_file_that_is_no_table_any_more_fails_as_a_whole(platform, chain, tmp_path):
    """A header all of Chinese titles, none of which the changed contract knows."""
    fields = platform.contracts["budgets"].fields
    titles = {each.name: each.title.zh for each in fields}
    own = changed(ROWS, publisher_name=chain.who.agency.name.zh)
    rows = [{titles[name]: cell for name, cell in row.items()} for row in own]
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))

    def retitled(schema):
        for each in schema["fields"]:
            each["title"] += "（新）"

    [found] = tried(platform, changed_contract(tmp_path, "budgets", retitled))
    assert failures(found) == {Failure("no-header", None, None): 1}


@on_sqlite
def test_additions_are_tried_each_on_what_was_published_before_it(chain, platform, tmp_path):
    """A record that came later is not taken for one of another dataset, nor of the same."""
    rows = changed(
        real_rows("project-approvals-transcribed", 0, 4),
        authority_name=chain.who.agency.name.zh,
    )
    chain.publish_rows("p", "project-approvals", "rolling", rows[:2])
    chain.publish("p", csv_of(rows[1:]))

    found = tried(platform, changed_contract(tmp_path, "project-approvals", nothing))
    assert [each.outcome for each in found] == [Outcome.PASSES, Outcome.PASSES]


def test_a_collection_that_the_platform_does_not_have_is_refused(settled, tmp_path):
    folder = changed_contract(tmp_path, "budgets", nothing).parent.rename(tmp_path / "accounts")

    with pytest.raises(NoSuchCollection):
        tried(settled, folder / "v2")


@on_sqlite
def test_a_collection_without_a_release_has_nothing_to_try(platform, tmp_path):
    assert tried(platform, changed_contract(tmp_path, "budgets", stricter_maximum)) == []
