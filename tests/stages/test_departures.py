"""A person who leaves keeps what they said, and loses every key at once."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from opendata.cli import main
from opendata.domain.people import Role
from opendata.stages import access
from opendata.storage.tables import AuditRow, DepartureRow
from tests.chain import AGENCY, sign
from tests.platforms import on_sqlite
from tests.stages.test_review import code_of
from tests.tables import csv_of, real_rows

pytestmark = on_sqlite
ROWS = real_rows("budgets-2019")[:2]


def leave(platform, person):
    with platform.home.database.begin() as session:
        access.leave(session, person, platform.now())


def asked(chain, key):
    return code_of(chain.client.get("/api/v1/submissions", headers=sign(key)))


def test_every_key_of_theirs_is_void_at_once_and_none_is_made_again(platform, people, chain):
    reviewer = people.persons[Role.REVIEWER]
    terms = access.KeyTerms(Role.APPROVER, AGENCY.id)
    with platform.home.database.begin() as session:
        second = access.create_key(session, reviewer, terms, platform.now())
    keys = [people.keys[Role.REVIEWER], second]
    assert [asked(chain, key)[0] for key in keys] == [200, 200]

    leave(platform, reviewer)
    assert [asked(chain, key) for key in keys] == [(401, "not-authenticated")] * 2
    assert asked(chain, people.keys[Role.APPROVER])[0] == 200
    with pytest.raises(access.PersonLeft), platform.home.database.begin() as session:
        access.create_key(session, reviewer, terms, platform.now())


def test_what_they_said_stays_and_counts(platform, people, chain):
    names = sorted({row["publisher_name"] for row in ROWS})
    chain.register("b", "budgets", "2019", transcribes=names)
    submission = chain.submitted("b", csv_of(ROWS))
    chain.answer(submission)
    chain.decide(submission, "reviewer")
    leave(platform, people.persons[Role.REVIEWER])

    assert chain.decide(submission, "approver").status_code == 201
    chain.work()
    said = chain.release("b", 1)["decisions"]
    assert [each["person"] for each in said] == [f"{AGENCY.id} reviewer", f"{AGENCY.id} approver"]


def test_the_operator_says_so_once_by_name_or_by_id(monkeypatch, platform, people):
    monkeypatch.setenv("OPENDATA_HOME", str(platform.settings.home))
    monkeypatch.delenv("OPENDATA_DATABASE_URL", raising=False)
    person = str(people.persons[Role.AUTHOR])
    for who in (f"{AGENCY.id} author", person):
        answer = CliRunner().invoke(main, ["person", "leave", who])
        assert (answer.exit_code, answer.output.strip()) == (0, person), answer.output

    unknown = CliRunner().invoke(main, ["person", "leave", "nobody"])
    assert unknown.exit_code == 2
    with platform.home.database.read() as session:
        assert len(session.scalars(select(DepartureRow)).all()) == 1
        told = session.scalars(select(AuditRow.subject).filter_by(action="person-left")).all()
        assert [each.partition(" ")[0] for each in told] == [person]
