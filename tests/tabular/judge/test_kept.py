"""The errors of a Report that was kept are read back one by one, as they were written."""

import pytest

from opendata.tabular.judge import kept, report_chunks
from opendata.tabular.judge.kept import KeptErrors
from opendata.tabular.refusals import Unreadable
from opendata.tabular.refused_report import refused_report


@pytest.mark.parametrize("piece", [1, 7, 1 << 20])
def test_errors_are_read_back_however_the_file_is_cut(judging, tmp_path, monkeypatch, piece):
    monkeypatch.setattr(kept, "_PIECE", piece)
    judgement = judging({"party": '"errors": [{"🀄": 1}]'}, {"serial": "甲"}, {"kind": "]"})
    path = tmp_path / "report.json"
    path.write_bytes(b"".join(report_chunks(judgement)))

    assert list(KeptErrors(path)) == list(judgement.errors)
    assert len(list(KeptErrors(path))) > 2


def test_a_report_without_errors_has_none(judging, tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(b"".join(report_chunks(judging({}))))

    assert list(KeptErrors(path)) == []


def test_a_refusal_has_an_error_for_each_place():
    report = refused_report(
        Unreadable("坏", "bad", ["/cell/AB7", "/line/3", "/byte/17", "/row/4", "/sheet/甲"])
    )

    places = [(each.get("source_cell"), each.get("source_line")) for each in report["errors"]]
    assert places == [("AB7", 7), (None, 3), (None, None), (None, 4), (None, None)]
    assert report["counts"]["errors"] == 5
    assert {each["pointer"] for each in report["errors"]} >= {"/byte/17", "/sheet/甲"}
