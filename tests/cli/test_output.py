"""What commands write: JSON that need not be in memory, and progress for those who watch."""

import io
import json
import sys

import orjson
import pytest

from opendata.cli.output import pieces, progress_bar


class Terminal(io.StringIO):
    """A standard error that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"a": [], "b": {}, "c": None, "d": "文", "e": [1, 2.5, True]},
        {"tasks": [{"errors": [{"cells": ["a", 'b"'], "note": "x\n"}, {"cells": []}]}]},
    ],
)
def test_the_pieces_are_the_json_of_the_whole(body):
    assert json.loads(b"".join(pieces(body))) == body


def test_errors_are_taken_one_by_one_as_they_are_and_each_has_a_line():
    errors = (orjson.Fragment(b'{"row":%d}' % number) for number in range(3))
    written = b"".join(pieces({"tasks": [{"errors": errors}]}))

    assert json.loads(written) == {"tasks": [{"errors": [{"row": n} for n in range(3)]}]}
    assert sum(line.strip().startswith(b'{"row"') for line in written.splitlines()) == 3


def test_progress_is_shown_to_whoever_looks(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress_bar(200) as told:
        assert told is not None
        told(100)
        told(200)

    assert "100%" in sys.stderr.getvalue()


def test_progress_is_kept_from_a_file(capsys):
    with progress_bar(200) as told:
        assert told is None

    assert capsys.readouterr().err == ""
