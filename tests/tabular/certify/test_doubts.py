"""Where rules look themselves: whoever is not doubted is right, reckoned the slow way."""

from datetime import date
from decimal import Decimal

import polars as pl
from frictionless import Field
from hypothesis import example, given, settings
from hypothesis import strategies as st

from opendata.domain.rounding import total
from opendata.domain.stated_amounts import fines_stated
from opendata.domain.terms import add_months
from opendata.tabular.certify.columns import column
from opendata.tabular.certify.days import DAYS_A_MONTH, day_numbers
from opendata.tabular.certify.doubts import months_apart, other_fine

FIGURES = st.one_of(
    st.sampled_from(["5000", "0.5", "0.50", "41000", "4.1", "0", "0.0001", "999999999.9999"]),
    st.decimals(min_value=0, max_value=999_999_999, places=4).map(str),
    st.integers(0, 999_999_999).map(str),
)
AMOUNTS = st.one_of(
    FIGURES,
    st.decimals(min_value=0, max_value=99_999, places=9).map(str),
    st.sampled_from(
        ["4.1000000001", "0.50000000000001", "99999999999999.9", "123456789012345", ""]
    ),
)
TEXTS = st.builds(
    lambda before, figure, unit, after: f"{before}{figure}{unit}{after}",
    st.sampled_from(["罚款", "罚款人民币", "1.警告；2.罚款", "罚款一万元，另罚款", "没收"]),
    FIGURES,
    st.sampled_from(["元", "万元", "千元", "圆", ""]),
    st.sampled_from(["", "整", "五角", "，罚款1元", "\n"]),
)
SCALES = st.sampled_from([1, 10_000])
DATES = st.dates(date(1996, 10, 1), date(2199, 12, 31))


def number(text: str) -> Decimal | None:
    """Read an amount as Frictionless does."""
    return Decimal(text) if text else None


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, AMOUNTS), min_size=1, max_size=20), scale=SCALES)
@example(rows=[("罚款41000元", "4.1"), ("罚款41000元", "4.10000000000001")], scale=10_000)
@example(rows=[("罚款0.5万元", "5000"), ("罚款0.5万元", "5000.00000000001")], scale=1)
@example(rows=[("罚款999999999.9999元", "99999.99999999"), ("罚款1元五角", "1")], scale=10_000)
def test_where_no_other_fine_is_seen_the_text_names_the_amount(rows, scale):
    words = column(Field.from_descriptor({"name": "words", "type": "string"}), 0)
    amounts = column(Field.from_descriptor({"name": "amounts", "type": "number"}), 1)
    frame = pl.DataFrame(rows, schema={"0": pl.String, "1": pl.String}, orient="row")
    told = frame.with_columns(other=other_fine(words, amounts, scale), proven=amounts.proven)

    for text, amount, other, proven in told.iter_rows():
        stated, said = fines_stated(text), number(amount)
        if proven and not other and stated and said is not None:
            assert said * scale in stated or said * scale == total(stated)


def test_plain_fines_are_not_doubted():
    words = column(Field.from_descriptor({"name": "words", "type": "string"}), 0)
    amounts = column(Field.from_descriptor({"name": "amounts", "type": "number"}), 1)
    rows = [("罚款41000元", "4.1"), ("罚款0.3万元。", "0.30"), ("1.罚款人民币7元整", "0.0007")]
    frame = pl.DataFrame(rows, schema={"0": pl.String, "1": pl.String}, orient="row")

    assert not frame.select(other_fine(words, amounts, 10_000)).to_series().any()


@settings(max_examples=60, deadline=None)
@given(pairs=st.lists(st.tuples(DATES, DATES), min_size=1, max_size=20), months=st.integers(0, 60))
@example(
    pairs=[(date(2024, 2, 29), date(2024, 1, 31)), (date(2024, 3, 1), date(2024, 1, 31))], months=1
)
def test_dates_are_so_many_months_apart_as_the_calendar_says(pairs, months):
    later, earlier = (
        column(Field.from_descriptor({"name": name, "type": "date"}), at)
        for at, name in enumerate(("later", "earlier"))
    )
    rows = [tuple(map(date.isoformat, pair)) for pair in pairs]
    frame = pl.DataFrame(rows, schema={"0": pl.String, "1": pl.String}, orient="row")
    apart = months_apart(later, earlier)
    assert apart is not None

    over = frame.select(apart > months * DAYS_A_MONTH).to_series().to_list()

    assert over == [last > add_months(first, months) for last, first in pairs]


def test_of_what_is_no_date_there_is_a_number_all_the_same():
    texts = pl.Series(["2024-05-06", "", None, "x" * 10, "二〇二四", "2024-05-061"])

    told = day_numbers(texts)

    assert told.null_count() == 0
    assert told[0] == (2024 * 12 + 5) * DAYS_A_MONTH + 6


def test_a_date_that_is_missing_is_not_apart_from_any():
    known = [
        column(Field.from_descriptor({"name": name, "type": "date"}), at)
        for at, name in enumerate(("later", "earlier"))
    ]
    frame = pl.DataFrame({"0": ["", "2024-05-06"], "1": ["2024-05-06", ""]})

    assert frame.select(months_apart(*known)).to_series().to_list() == [None, None]
