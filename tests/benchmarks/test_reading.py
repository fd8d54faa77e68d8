"""The benchmarks of reading: the load generator, the rounds, the questions and the page."""

import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from urllib.parse import parse_qsl, urlsplit

import pytest

from benchmarks import alone, results
from benchmarks.kept import Circumstances, Comparison, Figure, Kept
from benchmarks.load import BadAnswer, Target, driven, get, post
from benchmarks.measure import Paired
from benchmarks.programs import NotMeasured
from benchmarks.queries.asked import GROUPS, OURS, POINT, Asking, everything, ours
from benchmarks.queries.parameters import CATEGORIES, Pools
from benchmarks.rounds import Contest, Goal, Sample, built, take_turns
from opendata.domain.queries import parse, parse_aggregation
from opendata.tabular.contract import load
from tests.house.tree import ROOT

KEPT = Kept(
    Circumstances("2026-11-22", "a machine", {"flask": "3"}, 7, 20.0),
    [
        Comparison(
            "pages", "opendata", "Datasette", 0.001, 0.02, 20.0, (18.0, 22.0), 20.0, rates=True
        )
    ],
    [Figure("memory", 200.0, "MiB", None, 300.0)],
    ["nginx: not installed"],
    {"a": [1, "b"]},
)


class Answers(BaseHTTPRequestHandler):
    """What the load generator meets: answers of known length, in chunks, empty, and refusals."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/chunks":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"5\r\nhello\r\n" * 3)
            self.wfile.write(b"0\r\n\r\n")
            return
        body = b"" if self.path == "/empty" else b"x" * 300_000
        self.send_response(404 if self.path == "/absent" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said):
        pass


@pytest.fixture(scope="module")
def target():
    """A server of a few answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Target(server.server_port, connections=4)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("request_", "received"),
    [(get("/long"), 300_000), (get("/chunks"), 35), (post("/", "a question"), 10)],
    ids=["of known length", "in chunks", "to a question in the body"],
)
def test_every_request_is_answered_whole_and_counted_once(target, request_, received):
    found = driven(target, repeat(request_, 10), 60)

    assert len(found.latencies) == 10
    assert found.received == 10 * received or request_ == get("/long")
    assert 0 < found.percentile(0.5) <= found.percentile(0.99) <= found.seconds


def test_the_load_ends_with_its_time(target):
    assert driven(target, repeat(get("/chunks")), 0.05).seconds < 5


@pytest.mark.parametrize("path", ["/absent", "/empty"])
def test_an_answer_that_is_none_is_no_measurement(target, path):
    with pytest.raises(BadAnswer):
        driven(target, repeat(get(path), 3), 60)


def test_the_first_round_warms_up_and_who_begins_changes():
    order = []

    def way(name):
        return lambda number: order.append((number, name)) or Sample(1.0)

    contest = Contest("all", {"a": way("a"), "b": way("b")}, [Goal("a", "b")])
    take_turns([contest], 2)

    assert order == [(0, "a"), (0, "b"), (1, "b"), (1, "a"), (2, "a"), (2, "b")]
    assert contest.paired(Goal("a", "b")) == Paired((1.0, 1.0), (1.0, 1.0))


def test_a_way_that_fails_is_out_and_says_why_while_the_others_go_on():
    def fails(_number):
        raise NotMeasured("no such program")

    contest = Contest("all", {"a": fails, "b": lambda _: Sample(2.0)}, [])
    take_turns([contest], 2)

    assert contest.out == {"a": "NotMeasured: no such program"}
    assert [each.cost for each in contest.taken["b"]] == [2.0, 2.0]


def test_a_contest_of_different_answers_is_not_held():
    def differs():
        raise RuntimeError("another answer")

    assert built([differs]) == ([], ["RuntimeError: another answer"])


def test_what_is_kept_is_read_as_it_was_written(tmp_path):
    KEPT.write(tmp_path / "half.json")

    assert Kept.read(tmp_path / "half.json") == KEPT


def test_a_goal_is_met_when_the_interval_reaches_it():
    [comparison] = KEPT.comparisons
    short = Comparison("pages", "opendata", "ROAPI", 1.0, 2.0, 2.0, (1.5, 2.5), 3.0)

    assert (comparison.met, short.met) == (True, False)
    assert (KEPT.figures[0].met, Figure("memory", 301.0, "MiB", None, 300.0).met) == (True, False)


def test_the_page_is_what_is_kept(tmp_path):
    """Whoever changes how it is told writes it anew: python -m benchmarks.results."""
    folder = ROOT / "benchmarks"
    for each in folder.glob("*.json"):
        (tmp_path / each.name).write_bytes(each.read_bytes())

    assert results.write(tmp_path) == (folder / "RESULTS.md").read_text(encoding="utf-8")


def test_we_are_asked_what_we_can_answer():
    """Every question names fields and operators of the published contract."""
    contract = load(alone.CONTRACT).published
    days = [f"2026-01-{day:02}" for day in range(1, 29)]
    values = {"sector": ["food"], "counterparty_type": ["自然人"]}
    categories = {each: values.get(each, ["罚款"]) for each in CATEGORIES}
    pools = Pools(["a"], ["示例局"], days, categories, {})
    asked, draw = Asking("").questions(), random.Random(1)  # noqa: S311 - nothing here is secret.
    for what in asked.keys() - {POINT}:
        reads = parse_aggregation if what == GROUPS else parse
        for _ in range(20):
            reads(_pairs(asked[what][OURS](pools, draw)), contract)
    parse(_pairs(ours(q="食品", limit="20", **everything(draw))), contract)


def _pairs(request):
    return parse_qsl(urlsplit(request.split(b" ")[1].decode()).query)
