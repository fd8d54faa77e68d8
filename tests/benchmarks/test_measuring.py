"""The benchmarks themselves: measuring works, and says what it measured."""

import json
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from benchmarks.chart import svg
from benchmarks.fresh import fresh
from benchmarks.measure import Paired, paired
from tests.house.tree import ROOT

SVG = "{http://www.w3.org/2000/svg}"


def test_the_two_take_turns_after_a_warm_up_and_alternate_who_begins():
    order = []

    def ours():
        order.append("ours")
        return 1.0

    def theirs():
        order.append("theirs")
        return 3.0

    found = paired(ours, theirs, 2, times=10)

    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert (found.ours, found.theirs) == ((1.0, 1.0), (30.0, 30.0))
    assert found.gain == 30.0


def test_an_interval_needs_six_rounds_and_leaves_out_what_may_be_left_out():
    gains = [float(each) for each in range(1, 10)]
    nine = Paired((1.0,) * 9, tuple(reversed(gains)))

    assert nine.gain == 5.0
    assert nine.interval == (2.0, 8.0)
    assert Paired((1.0,) * 5, tuple(gains[:5])).interval is None


def test_a_childs_memory_is_its_own():
    """However much the process has that asks."""
    ballast = bytearray(300_000_000)
    done = fresh("-c", "print('done')")

    assert (done.status, done.said) == (0, "done\n")
    assert done.peak_bytes < len(ballast) / 3
    assert fresh("-c", "import sys; sys.exit(3)").status == 3


def test_the_chart_has_a_bar_for_each_value():
    drawing = ET.fromstring(svg("Seconds", {"a < b": [("ours", 1.5), ("theirs", 300)]}, "s"))  # noqa: S314 - our own.

    assert len(drawing.findall(f"{SVG}rect")) == 2
    assert "a < b" in [each.text for each in drawing.findall(f"{SVG}text")]


@pytest.mark.soak
def test_all_of_judging_can_be_measured(tmp_path):
    """On tiny files: what matters is that every comparison runs to its end."""
    page = _measured("validation", tmp_path)

    assert "opendata validate" in page
    assert "duckdb" in page
    ET.parse(tmp_path / "validation.svg")  # noqa: S314 - our own.


@pytest.mark.soak
def test_all_of_reading_can_be_measured(tmp_path):
    """Beside those who are installed; of the others the page says so."""
    page = _measured("queries", tmp_path)
    measured = json.loads((tmp_path / "queries.json").read_text(encoding="utf-8"))

    assert "Flask, hello world" in page
    assert {each["what"] for each in measured["figures"]} > {
        "the first byte of a CSV: a release's file",
        "the most private memory of a web process",
    }
    assert all("not installed" in each for each in measured["missing"])
    ET.parse(tmp_path / "queries.svg")  # noqa: S314 - our own.


def _measured(half, folder):
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", half, "--quick", "--into", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return (folder / "RESULTS.md").read_text(encoding="utf-8")
