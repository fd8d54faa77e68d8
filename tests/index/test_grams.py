"""Substring search: every record that contains a term is found, and no other."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.storage.index.arrays import Arrays, ArrayWriter
from opendata.storage.index.grams import Searchable, write_grams
from opendata.storage.index.grams.slots import lower
from opendata.storage.index.grams.writing import BLOCK

# Few enough that terms are met, odd enough to matter: cases, widths, what SQL takes for patterns.
ALPHABET = "罚款未经许可公司aAbB01%_*'\"\\é ßΣİǅ𝔸😀\n"
TEXTS = st.text(ALPHABET, max_size=12)


def searchable(folder, *columns):
    path = folder / "arrays.bin"
    writer = ArrayWriter(path)
    write_grams(writer, [pa.chunked_array([pa.array(each, pa.string())]) for each in columns])
    writer.close()
    return Searchable(Arrays(path), len(columns[0]))


def found(kept, term):
    return [record for some in kept.term(term).records() for record in some.tolist()]


def in_lower_case(text):
    return "".join(map(lower, text))


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    names = [f"示例市第{each}号食品有限公司" for each in range(1000)]
    facts = [None if each % 3 else f"文号{each:010}，未经许可；Bad{each}" for each in range(1000)]
    return searchable(tmp_path_factory.mktemp("grams"), names, facts), names, facts


@pytest.mark.parametrize(
    "term",
    ["食品", "罚", "第7", "第77号", "许可；BAD9", "0000000123", "00", "d9", "9", "没有", "zz"],
)
def test_a_term_of_any_length_is_found_wherever_it_is(library, term):
    kept, names, facts = library
    wanted = term.lower()
    expected = [
        record
        for record, values in enumerate(zip(names, facts, strict=True))
        if any(wanted in (value or "").lower() for value in values)
    ]

    assert found(kept, term) == expected


def test_a_term_does_not_reach_from_one_column_or_record_into_the_next(library):
    kept, *_ = library

    assert found(kept, "公司文号") == []
    assert found(kept, "Bad0示例") == []


def test_a_rare_term_leads_to_its_block_alone(library):
    kept, *_ = library

    assert len(kept.term("文号0000000333").blocks) < kept.blocks / 4
    assert kept.term("从未出现").most == 0


def test_given_records_are_tested_in_the_order_given(library):
    kept, *_ = library
    records = np.array([999, 3, 4, 900, 3])

    assert kept.term("未经许可").test(records).tolist() == [True, True, False, True, True]


def test_no_records_are_searched_too(tmp_path):
    assert found(searchable(tmp_path, []), "罚款") == []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_search_finds_what_looking_at_every_record_finds(tmp_path_factory, data):
    rows = data.draw(st.lists(st.tuples(TEXTS | st.none(), TEXTS | st.none()), max_size=BLOCK + 8))
    if data.draw(st.booleans()):
        rows = rows * 9
    term = data.draw(st.text(ALPHABET, min_size=1, max_size=6))
    kept = searchable(
        tmp_path_factory.mktemp("any"), *([each[at] for each in rows] for at in (0, 1))
    )
    wanted = in_lower_case(term)
    expected = [
        record
        for record, values in enumerate(rows)
        if any(wanted in in_lower_case(value or "") for value in values)
    ]

    assert found(kept, term) == expected
    every = np.arange(len(rows))
    assert np.flatnonzero(kept.term(term).test(every)).tolist() == expected


def test_case_is_what_the_query_engine_takes_it_for():
    points = [each for each in range(0x20, 0x1F000) if not 0xD800 <= each < 0xE000]
    characters = pa.table({"character": [chr(each) for each in points]})
    with duckdb.connect() as connection:
        connection.register("characters", characters)
        rows = connection.sql("SELECT character, lower(character) FROM characters").fetchall()
    different = [each for each, lowered in rows if lower(each) != lowered]

    assert different == []
