"""Schemes of assessment: read from TOML, and refused with every fault where it stands."""

from decimal import Decimal

import pytest

from opendata.domain.assessment.measures import Measure, Unit
from opendata.domain.assessment.periods import InvalidAssessedPeriod, check_over, read_period
from opendata.domain.assessment.reading import MAX_BYTES, UnusableScheme, read_scheme
from opendata.domain.assessment.schemes import Deduct, Linear, Nothing, Steps
from opendata.stages.schemes import declared_in, load
from tests.domain.assessments import SCHEME, scheme_with


def faults_of(text):
    with pytest.raises(UnusableScheme) as refused:
        read_scheme(text if isinstance(text, bytes) else text.encode())
    for each in refused.value.faults:
        assert each.detail.zh
        assert each.detail.en
    return {(each.pointer, each.code) for each in refused.value.faults}


def test_a_scheme_says_what_is_measured_and_how_points_are_given():
    scheme = read_scheme(SCHEME.encode())

    assert [each.id for each in scheme.indicators] == ["met", "late", "report"]
    assert [each.scoring for each in scheme.indicators] == [
        Linear(Decimal("0.5"), Decimal(1)),
        Deduct(Decimal("2.5"), 1),
        Steps(True, ((Decimal(1), Decimal(20)),)),
    ]
    assert [each.nothing for each in scheme.indicators] == [
        Nothing.LEFT_OUT,
        Nothing.FULL,
        Nothing.ZERO,
    ]
    assert scheme.indicators[1].measure is Measure.REQUESTS_LATE
    assert scheme.grade_of(Decimal("59.99")).id == "failed"
    assert scheme.grade_of(Decimal(60)).id == "passed"
    assert len(scheme.sha256) == 64


def test_the_sample_that_ships_is_a_scheme():
    sample = declared_in(None)["guyuan-sample"].scheme

    assert sum(each.weight for each in sample.indicators) == 100
    assert [each.title.zh for each in sample.groups] == [
        "公开内容", "公开形式", "公开程序和时限", "公开效果",
    ]  # fmt: skip
    assert [each.title.zh for each in sample.grades] == ["优秀", "合格", "不合格"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('id = "tried"', 'id = "Not an id"', {("/id", "invalid-value")}),
        ('title = "试用方案"', "", {("/title", "missing-key")}),
        ('title = "试用方案"', 'title = " "', {("/title", "invalid-value")}),
        ("appeal_days = 7", "appeal_days = 7.5", {("/appeal_days", "invalid-value")}),
        ("appeal_days = 7", "appeal_days = true", {("/appeal_days", "invalid-value")}),
        ("appeal_days", "apeal_days", {("/appeal_days", "missing-key"),
                                       ("/apeal_days", "unknown-key")}),
        ("obligations_met_rate", "obligations_met", {("/indicator/0/measure", "invalid-value")}),
        ("weight = 50", "weight = 49", {("/indicator", "weights")}),
        ("weight = 50", "weight = nan", {("/indicator/0/weight", "invalid-value"),
                                         ("/indicator", "weights")}),
        ("zero = 0.5", "zero = 1", {("/indicator/0/linear/full", "invalid-value")}),
        ("full = 1 }", "full = 2 }", {("/indicator/0/linear/full", "invalid-value")}),
        ("linear = { zero = 0.5, full = 1 }", "", {("/indicator/0", "missing-key")}),
        ("linear =", "deduct = {each = 1}\nlinear =", {("/indicator/0", "missing-key")}),
        ("linear = { zero = 0.5, full = 1 }", "deduct = {each = 1}",
         {("/indicator/0/deduct", "invalid-value")}),
        ("at_least = 1, points = 20", "at_least = 1, points = 21",
         {("/indicator/2/steps/0/points", "invalid-value")}),
        ("[{ at_least = 1, points = 20 }]",
         "[{ at_least = 0.5, points = 9 }, { at_least = 0.8, points = 5 }]",
         {("/indicator/2/steps/1/at_least", "invalid-value")}),
        ("[{ at_least = 1, points = 20 }]", "[]", {("/indicator/2/steps", "invalid-value")}),
        ('nothing = "zero"', 'nothing = "zero"\nworking_days = 3',
         {("/indicator/2/working_days", "invalid-value")}),
        ('group = "one"\ntitle = "按期"', 'group = "two"\ntitle = "按期"',
         {("/indicator/1/group", "invalid-value")}),
        ('id = "late"', 'id = "met"', {("/indicator/1/id", "invalid-value")}),
        ("at_least = 60", "at_least = 0", {("/grade", "invalid-value")}),
        ("[[group]]", "[group]", {("/group", "invalid-value"),
                                  ("/indicator/0/group", "invalid-value"),
                                  ("/indicator/1/group", "invalid-value"),
                                  ("/indicator/2/group", "invalid-value")}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(old, new, expected):
    assert old in SCHEME
    assert faults_of(scheme_with(old, new)) == expected


def test_every_fault_is_told_at_once():
    text = scheme_with("appeal_days = 7", "appeal_days = -1").replace('"met"', '"M"', 1)

    assert faults_of(text) == {
        ("/appeal_days", "invalid-value"), ("/indicator/0/id", "invalid-value"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (b"id = \n", "/line/1"),
        (b"id = 'a'\n\xff = 1\n", "/line/2"),
        (b"#" * (MAX_BYTES + 1), "/"),
        (b"id = " + b"[" * 9000, "/"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(content, pointer):
    assert faults_of(content) == {(pointer, "not-toml")}


def test_a_fault_names_the_file_it_is_in(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(scheme_with("appeal_days = 7", ""), "utf-8")

    with pytest.raises(UnusableScheme) as refused:
        load(path)
    assert "own.toml" in refused.value.detail.zh
    assert "own.toml /appeal_days" in refused.value.detail.en


def test_an_operators_scheme_stands_beside_the_sample_or_in_its_place(tmp_path):
    (tmp_path / "own.toml").write_text(SCHEME, "utf-8")
    (tmp_path / "other.toml").write_text(
        scheme_with('id = "tried"', 'id = "guyuan-sample"'), "utf-8"
    )
    found = declared_in(tmp_path)

    assert set(found) == {"guyuan-sample", "tried"}
    assert found["guyuan-sample"].scheme.title.zh == "试用方案"


def test_two_files_cannot_declare_one_scheme(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(SCHEME, "utf-8")

    with pytest.raises(UnusableScheme, match="tried"):
        declared_in(tmp_path)


def test_every_measure_is_told_in_both_languages_and_has_a_unit():
    for each in Measure:
        assert each.label.zh
        assert each.label.en
        assert each.unit in Unit


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2025", ("2025-01-01", "2025-12-31")),
        ("2024H1", ("2024-01-01", "2024-06-30")),
        ("2025Q4", ("2025-10-01", "2025-12-31")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
    ],
)
def test_a_period_is_a_span_of_months(text, span):
    found = read_period(text)

    assert (str(found.first), str(found.last)) == span
    with pytest.raises(InvalidAssessedPeriod):
        check_over(found, found.last)


@pytest.mark.parametrize("text", ["", "2025Q5", "25", "2025-13", "2025-1", "0000", "２０２５"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(InvalidAssessedPeriod) as refused:
        read_period(text)
    assert refused.value.faults[0].pointer == "/period"
