"""``opendata serve --demo``: ready once everything is published; started again, nothing twice."""

import re
import shutil

import pytest
import requests

from tests.live import free_port, opendata, serving
from tests.tables import ROOT

KEY = re.compile(r"(\w+)\s+(odk_\S+)")
READY = "Ctrl-C"
OBLIGATIONS = "disclosure-obligations-illustrative"
# A first-level item whose parts fall due by themselves.
PERIODIC = "安全许可监督检查"
COUNTIES = 17


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Two small packages of the demo, and little of its catalogue of obligations."""
    folder = tmp_path_factory.mktemp("packages")
    for name in ("budgets-2019", "budgets-2022", OBLIGATIONS):
        shutil.copytree(ROOT / "datasets" / name, folder / name)
    catalogue = folder / OBLIGATIONS / "data.csv"
    header, *items = catalogue.read_text("utf-8").splitlines(keepends=True)
    catalogue.write_text("".join([header, *(each for each in items if PERIODIC in each)]), "utf-8")
    return folder


def asked(server, path, key=None):
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return requests.get(server.url + path, headers=headers, timeout=30)


def demo_keys(server):
    server.wait_until(READY)
    return dict(KEY.findall("".join(server.said)))


def released(server):
    return {
        each["id"]: len(asked(server, f"/api/v1/datasets/{each['id']}/releases").json()["data"])
        for each in asked(server, "/api/v1/datasets").json()["data"]
    }


def stands(server):
    """Return how many of the demo's cases stand where."""
    counts = asked(server, "/api/v1/compliance").json()["whole"]["counts"]
    return {name: each["value"] for name, each in counts.items()}


def test_the_demo_is_published_once_and_its_keys_end_with_the_next_start(tmp_path, packages):
    home = tmp_path / "home"
    settings = {"OPENDATA_DATASETS": str(packages), "OPENDATA_WEB_WORKERS": "1"}
    with serving(home, "--demo", **settings) as server:
        keys = demo_keys(server)
        assert set(keys) == {"author", "reviewer", "approver", "supervisor", "admin"}
        assert asked(server, "/readyz").status_code == 200
        assert released(server) == {"budgets-2019": 1, "budgets-2022": 1, OBLIGATIONS: 1}
        assert asked(server, "/api/v1/submissions", keys["author"]).status_code == 200
        first = stands(server)
        assert all(first[each] >= COUNTIES for each in ("due", "on_time", "late", "overdue"))
    assert server.process.returncode == 0

    with serving(home, "--demo", **settings) as server:
        fresh = demo_keys(server)
        assert released(server) == {"budgets-2019": 1, "budgets-2022": 1, OBLIGATIONS: 1}
        assert stands(server) == first
        assert asked(server, "/api/v1/submissions", fresh["author"]).status_code == 200
        assert asked(server, "/api/v1/submissions", keys["author"]).status_code == 401
    assert server.process.returncode == 0


def test_without_demo_nothing_is_published_and_no_key_is_shown(server):
    server.wait_until(READY)

    assert asked(server, "/readyz").json()["status"] == "ready"
    assert "odk_" not in "".join(server.said)


def test_a_port_that_is_taken_is_refused(server):
    done = opendata("serve", "--port", str(server.port), environment=server.environment)

    assert done.returncode != 0
    assert str(server.port) in done.stderr
    assert free_port() != server.port


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "PATH_INFO"])
def test_a_client_does_not_say_below_which_prefix_it_asks(server, name):
    server.wait_until(READY)
    headers = {name: "/api"}
    answer = requests.get(f"{server.url}/api/v1/datasets", headers=headers, timeout=30)
    below = requests.get(f"{server.url}/evil/api/v1/datasets", headers={name: "/evil"}, timeout=30)

    assert (answer.status_code, below.status_code) == (200, 404)
    assert f"<{server.url}/api/docs>" in answer.headers["Link"].replace("localhost", "127.0.0.1")
