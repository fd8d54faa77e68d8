"""The command line as operators and clerks use it: real processes, a real server, exit codes."""

import json
import os
import subprocess
import sys
from itertools import count

import pytest
import requests
from click.testing import CliRunner

from opendata import __version__
from opendata.cli import main
from opendata.domain.people import Role
from tests.live import environment_of, opendata
from tests.tables import changed, csv_of, real_rows

# Every test that pushes takes a year of its own, since the server is shared.
YEARS = count(2003)


@pytest.fixture
def inside(monkeypatch):
    """Run a command in this very process, which is faster; the environment is put right first."""

    def run(*arguments, environment):
        with monkeypatch.context() as patch:
            for name in [each for each in os.environ if each.startswith("OPENDATA_")]:
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            return CliRunner().invoke(main, arguments)

    return run


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home set up by ``opendata init``, with an agency, a person and nothing else."""
    folder = tmp_path_factory.mktemp("cli") / "home"
    environment = environment_of(folder)
    for command in (
        ("init",),
        ("agency", "add", "town", "--name", "某镇人民政府", "--name-en", "A town"),
        ("person", "add", "张三"),
    ):
        done = opendata(*command, environment=environment)
        assert done.returncode == 0, done.stderr
    return environment


def test_init_may_be_run_again_and_keeps_the_secrets(home, tmp_path):
    files = [tmp_path / "home" / name for name in ("secret", "signing.pem")]
    environment = environment_of(tmp_path / "home")
    first = opendata("init", environment=environment)
    secrets = [each.read_text() for each in files]
    again = opendata("init", environment=environment)

    assert (first.returncode, again.returncode) == (0, 0)
    assert [each.read_text() for each in files] == secrets


def test_a_home_of_old_gets_its_signing_key_with_init(tmp_path, inside):
    environment = environment_of(tmp_path / "home")
    assert inside("init", environment=environment).exit_code == 0
    (tmp_path / "home" / "signing.pem").unlink()
    refused = inside("signing-key", "list", environment=environment)
    assert refused.exit_code == 2
    assert "opendata init" in refused.output

    assert inside("init", environment=environment).exit_code == 0
    first = json.loads(inside("signing-key", "list", environment=environment).output)["keys"]
    fresh = inside("signing-key", "rotate", environment=environment).output.strip()
    keys = json.loads(inside("signing-key", "list", environment=environment).output)["keys"]
    assert [each["kid"] for each in keys] == [fresh, first[0]["kid"]]
    assert keys[1:] == first
    assert (tmp_path / "home" / "secret").stat().st_mode & 0o077 == 0


def test_a_command_on_a_home_that_is_not_set_up_says_what_to_do(tmp_path):
    done = opendata("person", "add", "张三", environment=environment_of(tmp_path / "none"))

    assert done.returncode == 2
    assert "opendata init" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_cannot_be_used_is_named(tmp_path):
    environment = environment_of(tmp_path, OPENDATA_WEB_WORKERS="many")
    done = opendata("init", environment=environment)

    assert done.returncode == 2
    assert "OPENDATA_WEB_WORKERS" in done.stderr


def test_a_key_is_printed_once_and_revoked_by_itself(home):
    made = opendata(
        "key", "create", "--person", "张三", "--role", "author", "--agency", "town",
        "--expires", "2030-01-01", environment=home,
    )  # fmt: skip
    ended = opendata("key", "revoke", made.stdout.strip(), environment=home)

    assert made.stdout.startswith("odk_")
    assert ended.returncode == 0
    assert made.stdout.strip() not in ended.stdout


def test_a_key_is_renewed_and_every_key_of_a_person_is_listed(home, inside):
    person = ("--person", inside("person", "add", "王五", environment=home).stdout.strip())
    made = inside(
        "key", "create", *person, "--role", "author", "--agency", "town",
        "--collection", "budgets", environment=home,
    )  # fmt: skip
    fresh = inside("key", "rotate", made.stdout.strip(), "--overlap", "12h", environment=home)
    listed = inside("key", "list", *person, environment=home).stdout.splitlines()

    assert fresh.stdout.startswith("odk_")
    assert fresh.stdout != made.stdout
    heading, old, new = (line.split("\t") for line in listed)
    assert old[1:5] == new[1:5] == ["author", "town", "budgets", "王五"]
    assert old[0] in fresh.stderr
    ends = heading.index("ends")
    assert (old[ends] in fresh.stderr, new[ends]) == (True, "-")
    assert "odk_" not in "".join(listed)


@pytest.mark.parametrize(
    "command",
    [
        ("agency", "add", "town", "--name", "另一镇"),
        ("agency", "add", "Town Two", "--name", "另一镇"),
        ("person", "add", "  "),
        ("key", "create", "--person", "没有此人", "--role", "author", "--agency", "town"),
        ("key", "create", "--person", "张三", "--role", "author", "--agency", "no-such"),
        ("key", "create", "--person", "张三", "--role", "king", "--agency", "town"),
        (
            "key",
            "create",
            "--person",
            "张三",
            "--role",
            "author",
            "--agency",
            "town",
            "--collection",
            "no-such",
        ),
        ("key", "revoke", "odk_unknown"),
        ("key", "rotate", "odk_unknown"),
        ("key", "rotate", "odk_unknown", "--overlap", "1w"),
        ("key", "rotate", "odk_unknown", "--overlap", "31d"),
        ("key", "list", "--person", "没有此人"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_ends_with_status_2_and_says_why(home, inside, command):
    done = inside(*command, environment=home)

    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    assert done.stderr.strip()


def test_shipped_contracts_can_all_be_used(inside, tmp_path):
    done = inside("contract", "check", environment=environment_of(tmp_path))

    assert done.exit_code == 0
    assert done.stdout.count("OK") == 6


def test_a_contract_that_cannot_be_used_is_refused(inside, tmp_path):
    folder = tmp_path / "mine" / "v1"
    folder.mkdir(parents=True)
    (folder / "table-schema.json").write_text("{}")
    done = inside("contract", "check", str(folder), environment=environment_of(tmp_path))

    assert done.exit_code == 2
    assert done.stderr.strip()


@pytest.mark.parametrize(("change", "status"), [({}, 0), ({"amount_total": "许多"}, 1)])
def test_validate_needs_no_server_and_tells_by_its_status(tmp_path, change, status):
    file = tmp_path / "预算.csv"
    file.write_bytes(csv_of(changed(real_rows("budgets-2019"), **change)))
    environment = environment_of(tmp_path / "none")
    done = opendata(
        "validate", str(file), "--collection", "budgets", "--json", environment=environment
    )

    assert done.returncode == status
    assert json.loads(done.stdout)["valid"] is (status == 0)
    assert not (tmp_path / "none").exists()


def test_validate_ends_with_status_2_where_nothing_can_be_judged(inside, tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))

    for collection in ("budgets", "no-such"):
        command = ("validate", str(file), "--collection", collection)
        done = inside(*command, environment=environment_of(tmp_path))
        assert done.exit_code == 2
        assert done.stderr.strip()


def test_openapi_prints_a_document_that_does_not_depend_on_the_home(inside, tmp_path):
    one = opendata("openapi", environment=environment_of(tmp_path / "a"))
    other = inside("openapi", environment=environment_of(tmp_path / "b"))

    assert one.stdout == other.stdout
    assert json.loads(one.stdout)["openapi"].startswith("3.1")


def test_openapi_checks_whether_a_file_is_still_what_the_code_says(inside, tmp_path):
    environment, file = environment_of(tmp_path), tmp_path / "v1.json"
    file.write_text(inside("openapi", environment=environment).stdout, "utf-8")
    command = ("openapi", "--check", str(file))

    assert inside(*command, environment=environment).exit_code == 0
    file.write_text(file.read_text("utf-8") + " ", "utf-8")
    assert inside(*command, environment=environment).exit_code == 1


class TestPush:
    """``opendata push`` against a server that listens."""

    @pytest.fixture
    def dataset(self, server, served_people):
        """A registered dataset of a year of its own."""
        year = str(next(YEARS))
        body = {
            "id": f"pushed-{year}",
            "collection": "budgets",
            "agency": served_people.agency.id,
            "period": year,
            "title": "命令行报送",
            "disclosure_attribute": "proactive",
        }
        key = served_people.keys[Role.AUTHOR]
        made = requests.post(
            f"{server.url}/api/v1/datasets",
            json=body,
            headers={"Authorization": f"Bearer {key}"},
            timeout=30,
        )
        assert made.status_code == 201, made.text
        return body

    def push(self, server, people, tmp_path, dataset, *options, **cells):
        own = {"publisher_name": people.agency.name.zh, "fiscal_year": dataset["period"]}
        file = tmp_path / "预算.csv"
        file.write_bytes(csv_of(changed(real_rows("budgets-2019"), **own, **cells)))
        return server.run(
            "push", str(file), "--dataset", dataset["id"], "--server", server.url, "--wait",
            *options, key=people.keys[Role.AUTHOR],
        )  # fmt: skip

    def test_a_valid_file_ends_with_status_0_and_is_in_review(
        self, server, served_people, tmp_path, dataset
    ):
        done = self.push(server, served_people, tmp_path, dataset)

        assert done.returncode == 0, done.stderr
        assert "in review" in done.stdout

    def test_an_invalid_file_ends_with_status_1_and_its_errors(
        self, server, served_people, tmp_path, dataset
    ):
        done = self.push(server, served_people, tmp_path, dataset, amount_total="许多")

        assert done.returncode == 1
        assert "amount_total" in done.stdout

    def test_sending_the_same_file_again_is_no_second_submission(
        self, server, served_people, tmp_path, dataset
    ):
        first = self.push(server, served_people, tmp_path, dataset)
        again = self.push(server, served_people, tmp_path, dataset)

        assert first.stdout.split()[0] == again.stdout.split()[0]

    def test_notes_go_along_and_what_is_not_there_cannot_be_corrected(
        self, server, served_people, tmp_path, dataset
    ):
        done = self.push(server, served_people, tmp_path, dataset, "--notes", "首次发布")
        refused = self.push(server, served_people, tmp_path, dataset, "--corrects", "3")
        found = requests.get(
            f"{server.url}/api/v1/submissions/{done.stdout.split()[0]}",
            headers={"Authorization": f"Bearer {served_people.keys[Role.AUTHOR]}"},
            timeout=30,
        )

        assert found.json()["notes"] == "首次发布"
        assert refused.returncode == 2
        assert "nothing-to-correct" in refused.stderr

    def test_cautions_that_wait_for_an_answer_are_named_and_can_be_answered_at_once(
        self, server, served_people, tmp_path, dataset
    ):
        def waiting(done):
            last = done.stdout.splitlines()[-1]
            return last.partition("before approval: ")[2]

        first = self.push(server, served_people, tmp_path, dataset)
        answer = ("--answer", "bud-uscc-known=来源没有载明")
        again = self.push(server, served_people, tmp_path, dataset, *answer)

        assert "bud-uscc-known" in waiting(first)
        assert again.returncode == 0, again.stderr
        assert "bud-uscc-known" not in waiting(again)
        assert "说明 Answer: 来源没有载明 (county-office author)" in again.stdout

    @pytest.mark.parametrize(
        "answer", ["no-such-rule=某", "bud-uscc-known", "=某", "bud-uscc-known= "]
    )
    def test_an_answer_to_no_caution_or_without_a_reason_ends_with_status_2(
        self, server, served_people, tmp_path, dataset, answer
    ):
        done = self.push(server, served_people, tmp_path, dataset, "--answer", answer)

        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert done.stderr.strip()

    @pytest.mark.parametrize(("dataset_id", "key"), [("no-such", None), ("no-such", "odk_unknown")])
    def test_a_refusal_ends_with_status_2_and_its_reason(
        self, server, served_people, tmp_path, dataset_id, key
    ):
        file = tmp_path / "a.csv"
        file.write_bytes(b"a,b\n1,2\n")
        done = server.run(
            "push", str(file), "--dataset", dataset_id, "--server", server.url,
            key=key or served_people.keys[Role.AUTHOR],
        )  # fmt: skip

        assert done.returncode == 2
        assert ("no-such-dataset" if key is None else "not-authenticated") in done.stderr

    def test_a_server_that_is_not_there_ends_with_status_2(self, server, tmp_path):
        file = tmp_path / "a.csv"
        file.write_bytes(b"a,b\n1,2\n")
        done = server.run(
            "push", str(file), "--dataset", "x", "--server", "http://127.0.0.1:9", key="odk_x"
        )

        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_the_version_is_the_packages(inside, tmp_path):
    done = inside("--version", environment=environment_of(tmp_path))

    assert done.exit_code == 0
    assert __version__ in done.stdout


def test_the_list_of_commands_says_what_each_command_says_of_itself():
    """Only the list is written down twice: it is shown before any command is imported."""
    for name, listed in main.commands.items():
        command = listed.load()
        assert command.name == name
        assert listed.get_short_help_str(200) == command.get_short_help_str(200)


@pytest.mark.parametrize(
    "command", [("--help",), ("validate", "no-such-file"), ("contract", "check")], ids=" ".join
)
def test_a_command_imports_only_what_it_needs(command):
    ask = (
        "import sys; from opendata.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: sys.stderr.write(chr(10) + ' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", ask, *command], capture_output=True, text=True)
    imported = set(done.stderr.splitlines()[-1].split())

    assert "opendata.settings" in imported
    assert not imported & {"flask", "sqlalchemy", "pyiceberg", "duckdb", "pyarrow", "requests"}
    assert ("frictionless" in imported) is (command != ("--help",))
