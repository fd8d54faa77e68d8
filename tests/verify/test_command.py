"""``opendata verify`` as it is typed: what it is given, what it says, how it ends."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import repeat

import pytest
import requests
from click.testing import CliRunner
from werkzeug.serving import make_server

from opendata.cli import fetching, main
from opendata.runtime import Runtime
from opendata.storage.signing import canonical
from tests.chain import Clock
from tests.platforms import close, settings_of
from tests.verify.conftest import BUDGET, PENALTIES, keys
from tests.verify.published import LATER, turn_bit


@pytest.fixture
def run(monkeypatch):
    """Run the command without anything that the person who runs the tests has set."""
    for name in [each for each in os.environ if each.startswith("OPENDATA_")]:
        monkeypatch.delenv(name)

    def run(*arguments, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, str(value))
        return CliRunner().invoke(main, ["verify", *map(str, arguments)])

    return run


@contextmanager
def served(web, contracts, home) -> Iterator[str]:
    """Serve a home on a free port."""
    clock = Clock(datetime.fromisoformat(LATER))
    runtime = Runtime.around(settings_of(home), contracts, clock)
    before, web.extensions["opendata"] = web.extensions["opendata"], runtime
    server = make_server("127.0.0.1", 0, web, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        web.extensions["opendata"] = before
        close(runtime)


def test_a_home_that_fits_ends_with_0_and_says_what_was_looked_at(copy, run):
    for done in (run(copy.folder), run(OPENDATA_HOME=copy.folder)):
        assert done.exit_code == 0, done.output
        assert done.output.startswith(f"相符 FITS  {copy.folder}\n")
        assert "版本 releases 3" in done.output
        assert "No keys were given with --keys" in done.output


def test_what_does_not_fit_ends_with_1_and_is_told_with_its_place(copy, run):
    turn_bit(copy.blob(BUDGET, "data.csv"), 700)
    done = run(copy.folder)

    assert done.exit_code == 1
    assert done.output.startswith("不符 DOES NOT FIT")
    assert f"✗ {BUDGET}@1 data.csv  第 " in done.output
    assert "第 700 字节 byte 700  [file-changed]" in done.output


def test_as_json_it_tells_the_same(copy, run):
    turn_bit(copy.blob(BUDGET, "data.csv"), 700)
    done = run(copy.folder, "--json")
    told = json.loads(done.output)

    assert done.exit_code == 1
    assert (told["what"], told["fits"]) == (str(copy.folder), False)
    [misfit] = told["misfits"]
    assert (misfit["code"], misfit["byte"]) == ("file-changed", 700)
    assert sorted(misfit["detail"]) == ["en", "zh"]


def test_a_folder_says_which_release_it_is(folder, verified, run, tmp_path):
    (tmp_path / "keys.json").write_bytes(keys(verified))
    done = run(folder, "--keys", tmp_path / "keys.json")

    assert done.exit_code == 0, done.output
    assert f"{BUDGET}@1  1.0.0" in done.output
    assert "Note" not in done.output


def test_a_proof_is_checked_by_itself(proof, run, tmp_path):
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof))
    done = run("--proof", file)
    assert done.exit_code == 0, done.output
    assert f"{BUDGET}@2" in done.output

    file.write_text(json.dumps({**proof, "index": 0}))
    done = run("--proof", file)
    assert done.exit_code == 1
    assert "/index  [index-differs]" in done.output


@pytest.mark.parametrize("arguments", [("{nothing}",), ("--proof", "{file}"), ("--keys", "{file}")])
@pytest.mark.parametrize("as_json", [False, True])
def test_what_cannot_be_checked_ends_with_2(run, tmp_path, arguments, as_json):
    (tmp_path / "file").write_text("{}")
    named = {"nothing": tmp_path / "nothing", "file": tmp_path / "file"}
    done = run(*(each.format(**named) for each in arguments), *(["--json"] if as_json else []))

    assert done.exit_code == 2
    assert "nothing-to-verify" in done.output
    assert not (tmp_path / "nothing").exists()


def test_a_proof_goes_without_anything_else(run, tmp_path):
    (tmp_path / "file").touch()

    assert run(tmp_path, "--proof", tmp_path / "file").exit_code == 2


def test_a_platform_is_fetched_and_fits(copy, web, contracts, run):
    with served(web, contracts, copy.folder) as address:
        whole = run(address, "--json")
        one = run(f"{address}/api/v1/datasets/{PENALTIES}/releases/1")

    told = json.loads(whole.output)
    assert whole.exit_code == 0, whole.output
    assert told["checked"]["releases"] == told["checked"]["signatures"] == 3
    assert told["checked"]["links"] == 1
    assert told["checked"]["files"] == 3 * 6
    assert one.exit_code == 0, one.output
    assert "版本 releases 1" in one.output


def test_a_platform_that_serves_something_else_is_found(copy, web, contracts, run):
    path = copy.blob(BUDGET, "data.ndjson")
    turn_bit(path, 700)
    with served(web, contracts, copy.folder) as address:
        done = run(address, "--json")

    assert done.exit_code == 1
    [found] = json.loads(done.output)["misfits"]
    assert (found["code"], found["what"]) == ("file-changed", f"{BUDGET}@1 data.ndjson")
    assert found["byte"] == 700


@contextmanager
def answering(web, answer) -> Iterator[str]:
    """Serve whatever ``answer`` makes of what the platform would answer."""

    def application(environ, start_response):
        given = answer(environ["PATH_INFO"], web.test_client().get(environ["PATH_INFO"]))
        start_response("200 OK", [("Content-Type", "application/json")])
        return given

    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def without_the_first(path, body):
    if not path.endswith(f"/{BUDGET}/releases"):
        return body
    told = json.loads(body)
    told["data"] = [each for each in told["data"] if each["number"] != 1]
    return json.dumps(told).encode()


def test_a_release_that_is_left_out_of_the_list_is_missed(verified, run):
    with answering(
        verified.client.application, lambda path, given: [without_the_first(path, given.data)]
    ) as address:
        done = run(address, "--json")

    assert done.exit_code == 1
    [found] = json.loads(done.output)["misfits"]
    assert (found["code"], found["what"]) == ("release-left-out", f"{BUDGET}@1")


@pytest.mark.parametrize(
    "catalogue", [b"[]", b'{"data":[1]}', b'{"data":[{"id":5}]}', b"{}", b'{"data":[]}', b"{"]
)
def test_a_platform_that_tells_of_nothing_to_check_ends_with_2(verified, run, catalogue):
    def answer(path, given):
        return [catalogue if path.endswith("/datasets") else given.data]

    with answering(verified.client.application, answer) as address:
        done = run(address)

    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)


def test_what_never_ends_is_not_read_to_the_end(verified, run, monkeypatch):
    monkeypatch.setattr(fetching, "DOCUMENT_BYTES", 1_000_000)

    def answer(path, given):
        return repeat(b" " * 100_000) if path.endswith("manifest.json") else [given.data]

    with answering(verified.client.application, answer) as address:
        done = run(f"{address}/datasets/{BUDGET}/releases/1", "--json")

    assert [each["code"] for each in json.loads(done.output)["misfits"]] == ["unreadable"]


def test_nobody_is_led_to_another_host():
    away = requests.Response()
    away.status_code, away.url = 302, "https://data.example.cn/a"
    away.headers["Location"] = "/b"
    assert fetching.OwnHost().get_redirect_target(away) == "/b"

    away.headers["Location"] = "http://169.254.169.254/latest"
    with pytest.raises(requests.RequestException, match="another host"):
        fetching.OwnHost().get_redirect_target(away)


def test_what_nobody_could_have_signed_is_not_called_verified(folder, run):
    (folder / "opendata-keys.json").unlink()
    done = run(folder)

    assert done.exit_code == 3
    assert done.output.startswith("签名未核验 NOT VERIFIED")


@pytest.mark.parametrize("signature", ["x", ["x"], {"key": {}, "value": 7}])
def test_a_manifest_does_not_write_to_the_terminal(folder, run, signature):
    path = folder / "manifest.json"
    told = {**json.loads(path.read_bytes()), "dataset": "b\x1b[2J\u202e", "signature": signature}
    path.write_bytes(canonical(told))
    done = run(folder)

    assert done.exit_code == 1, done.output
    assert "b\\u001b[2J\\u202e@1" in done.output
    assert not {"\x1b", "\u202e"} & set(done.output)


def test_a_proof_shows_its_record_and_may_say_nothing_twice(proof, run, tmp_path):
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof))
    assert proof["record"] in run("--proof", file).output

    file.write_text('{"record":"{}",' + json.dumps(proof)[1:])
    done = run("--proof", file)
    assert done.exit_code == 2
    assert "record twice" in done.output


def test_where_nobody_answers_it_ends_with_2(run):
    done = run("http://127.0.0.1:9/")

    assert done.exit_code == 2
    assert "cannot be talked to" in done.output
