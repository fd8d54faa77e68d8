"""What is asked of one column is asked once, and answered as if it were asked each time."""

import polars as pl
from frictionless import Field

from opendata.tabular.certify.basis import Basis
from opendata.tabular.certify.columns import column

FIELD = {"name": "n", "type": "number", "constraints": {"minimum": 1, "required": True}}
TEXTS = ["1.5", "0.5", "", "x", "15", "1e3"]


def answered(basis: Basis, told: list[pl.Expr]) -> pl.DataFrame:
    """Evaluate what is told of the texts, what it rests on first."""
    frame = pl.DataFrame({"0": TEXTS}).lazy()
    for exprs in basis.read_by(told):
        frame = frame.with_columns(exprs)
    return frame.select(told).collect(optimizations=pl.QueryOptFlags.none())


def test_a_staged_column_says_what_a_plain_one_says():
    basis = Basis()
    field = Field.from_descriptor(FIELD)
    plain, staged = column(field, 0), column(field, 0, basis)

    def told(known):
        return [
            known.missing.alias("missing"),
            known.proven.alias("proven"),
            known.legible.alias("legible"),
            known.value.alias("value"),
            known.key.alias("key"),
        ]

    assert answered(basis, told(staged)).equals(answered(Basis(), told(plain)))


def test_the_same_question_has_one_answer():
    basis = Basis()
    text = pl.col("0")

    first, second = (basis.once(text.str.starts_with("1")) for _ in range(2))
    other = basis.once(text.str.starts_with("0"))

    assert first.meta.eq(second)
    assert not first.meta.eq(other)
    assert len(basis.read_by([first, second, first & other])[0]) == 2


def test_a_function_is_asked_once_as_well():
    def ask(texts: pl.Series) -> pl.Series:
        return texts.is_in(["15"])

    basis = Basis()
    asked = [
        basis.once(pl.col("0").map_batches(ask, return_dtype=pl.Boolean), ask) for _ in range(2)
    ]

    assert asked[0].meta.eq(asked[1])
    assert answered(basis, asked[:1]).to_series().to_list() == [text == "15" for text in TEXTS]


def test_what_reads_several_columns_or_none_is_left_as_it_is():
    basis = Basis()
    both, neither, itself = pl.col("0") > pl.col("1"), pl.lit(value=True), pl.col("0")

    assert all(basis.once(each) is each for each in (both, neither, itself))


def test_what_nobody_asks_for_is_not_evaluated():
    basis = Basis()
    basis.once(pl.col("0").str.to_uppercase())

    assert basis.read_by([pl.col("0")]) == []
