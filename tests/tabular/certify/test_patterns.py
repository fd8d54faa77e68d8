"""A pattern means the same in both engines, or is not translated."""

import re
from datetime import timedelta

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings

from opendata.tabular.certify.patterns import rust_pattern, rust_search

ATOMS = ["a", "b", "1", "中", "\n", ".", "^", "$", r"\A", r"\Z", r"\.", r"\n", "", "-", "é"]
CLASSES = ["[ab]", "[^a]", "[a-c中]", r"[^\n]", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S"]
MORE_CLASSES = [r"[\d-]", r"[^\w]", r"[\s\S]", "[]a]", "[^]a]", "[.^$|]", r"[\x00-\uffff]"]
REFUSED = [r"\b", r"\B", "(?=a)", "(?!a)", "(?<=a)", r"(a)\1", "(?i:a)", "(?>a)", "a*+"]
REPEATS = ["*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "*?", "+?", "??", "{1,2}?"]
# U+0663 is a digit and U+1E4F0 a newer one, U+0130 has odd cases, U+2028 ends a line for some.
TEXTS = st.text("ab1中\n\r .-é٣\u2028\x1c\u00a0_\U0001e4f0İ", max_size=6)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join),
        inner.map("({})".format),
        st.builds("(?:{}){}".format, inner, st.sampled_from(REPEATS)),
    )


PARTS = st.sampled_from([*ATOMS, *CLASSES, *MORE_CLASSES])
SPEAKABLE = st.recursive(PARTS, _grown, max_leaves=6)
ANYTHING = st.recursive(PARTS | st.sampled_from(REFUSED), _grown, max_leaves=6)


def found(translated: str, texts: list[str]) -> list[bool]:
    """Say in which texts Polars finds a translated pattern."""
    return pl.Series(texts, dtype=pl.String).str.contains(translated).to_list()


def compiled(pattern: str) -> re.Pattern[str] | None:
    """Compile as Python does; some things Hypothesis makes up are no patterns."""
    try:
        return re.compile(pattern)
    except re.error:
        return None


@settings(max_examples=150, deadline=timedelta(seconds=5))
@given(SPEAKABLE | ANYTHING, st.lists(TEXTS, min_size=1, max_size=20))
def test_a_constraint_passes_exactly_the_texts_that_frictionless_passes(pattern, texts):
    mine, theirs = rust_pattern(pattern), compiled(f"^{pattern}$")

    if mine is not None:
        assert theirs is not None
        assert found(mine, texts) == [theirs.match(text) is not None for text in texts]


@settings(max_examples=150, deadline=timedelta(seconds=5))
@given(SPEAKABLE | ANYTHING, st.lists(TEXTS, min_size=1, max_size=20))
def test_a_search_finds_exactly_what_python_finds(pattern, texts):
    mine, theirs = rust_search(pattern), compiled(pattern)

    if mine is not None:
        assert theirs is not None
        assert found(mine, texts) == [theirs.search(text) is not None for text in texts]


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]{6}",
        "^[0-9]{6}$",
        "a|b",
        "^(警告|罚款)(;(警告|罚款))*$",
        "^https?://.+$",
        "[^;]{1,50}",
        r"\d{4}",
        r"\w+\s?",
        "(a$|b)",
        "(a|b$)?",
        r"a\Z",
        "",
    ],
)
def test_what_contracts_are_made_of_is_translated(pattern):
    texts = ["", "a", "b", "a\n", "ab", "123456", "123456\n", "警告;罚款", "罚款;", "٣٣٣٣", "b\nb"]
    theirs = re.compile(f"^{pattern}$")
    mine = rust_pattern(pattern)

    assert mine is not None
    assert found(mine, texts) == [theirs.match(text) is not None for text in texts]


@pytest.mark.parametrize(
    "pattern",
    [
        *REFUSED,
        "a$b",
        "(a$)+",
        "(?:a*)*",
        "(?P<x>a)(?(x)b|c)",
        "[\ud800-\udfff]",
        "\ud800",
        "(a{1,1000}){1,1000}",
        "a{99999999999}",
        "(" * 300 + ")" * 300,
        "(",
        "[",
        "*",
    ],
)
def test_what_could_mean_something_else_is_left_to_python(pattern):
    assert rust_pattern(pattern) is None
    assert rust_search(pattern) is None


@pytest.mark.parametrize("pattern", ["(?i)a", "(?m)^a$", "(?s).", "(?x) a", "(?a)a"])
def test_flags_are_left_to_python(pattern):
    assert rust_search(pattern) is None


@pytest.mark.parametrize("name", [r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", "."])
def test_a_class_holds_every_character_it_holds_in_this_python_and_no_other(name):
    every = [chr(each) for each in range(0x110000) if not 0xD800 <= each < 0xE000]
    mine = rust_search(name)

    assert mine is not None
    members = set(re.findall(name, "".join(every)))
    assert found(mine, every) == [each in members for each in every]
