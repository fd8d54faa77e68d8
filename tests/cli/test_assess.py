"""``opendata assess``: a scheme is read, or tried; nothing is recorded."""

import json
import shutil

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from opendata.cli import main
from opendata.runtime import Runtime
from opendata.storage.tables import AssessmentRow
from tests.chain import AGENCY, cast
from tests.domain.assessments import SCHEME, scheme_with
from tests.platforms import close, settings_of


def run(*arguments, **environment):
    return CliRunner().invoke(main, ["assess", *arguments], env=environment)


@pytest.fixture
def scheme(tmp_path):
    path = tmp_path / "tried.toml"
    path.write_text(SCHEME, "utf-8")
    return path


def test_a_file_is_read_and_told(scheme):
    answer = run("--scheme", str(scheme))

    assert answer.exit_code == 0, answer.output
    assert "tried  试用方案" in answer.output
    assert "50  met  已公开  obligations_met_rate" in answer.output


def test_a_bad_file_is_told_fault_by_fault(scheme):
    scheme.write_text(scheme_with("appeal_days = 7", "appeal_days = -7"), "utf-8")
    answer = run("--scheme", str(scheme))

    assert answer.exit_code == 2
    assert "/appeal_days" in answer.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("--scheme", "none.toml"),
        ("--scheme", "none"),
        ("--scheme", "guyuan-sample", "--agency", "a"),
    ],
)
def test_what_cannot_be_tried_ends_with_two(arguments):
    assert run(*arguments).exit_code == 2


def test_a_scheme_is_tried_on_an_agency(scheme, tmp_path, template_home):
    home = shutil.copytree(template_home, tmp_path / "home")
    runtime = Runtime.of(settings_of(home))
    cast(runtime, AGENCY)
    asked = ("--scheme", str(scheme), "--agency", AGENCY.id, "--period", "2024")
    lines = run(*asked, OPENDATA_HOME=str(home))
    found = run(*asked, "--json", OPENDATA_HOME=str(home))

    assert lines.exit_code == found.exit_code == 0, lines.output
    # Met is left out; nobody asked for anything, and no report was published.
    assert lines.output.splitlines()[0] == "60 分  合格  passed"
    assert [each["points"] for each in json.loads(found.output)["points"]] == [None, "30", "0"]
    with runtime.home.database.read() as session:
        assert session.scalar(select(func.count()).select_from(AssessmentRow)) == 0
    close(runtime)
