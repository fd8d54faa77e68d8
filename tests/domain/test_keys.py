"""What a key looks like, and for how long one may go on beside its successor."""

from datetime import timedelta

import pytest

from opendata.domain.keys import ALPHABET, MistypedKey, check_spelling, read_term, spelt

LETTERS = "Zx9" * 14 + "0"
KEY = spelt(LETTERS)


def test_a_key_is_its_letters_between_prefix_and_check():
    assert KEY.startswith(f"odk_{LETTERS}")
    assert len(KEY) == len("odk_") + 43 + 6
    assert set(KEY[4:]) <= set(ALPHABET)
    check_spelling(KEY)


@pytest.mark.parametrize("at", [4, 20, 46, 47, 52])
def test_one_wrong_letter_is_noticed_wherever_it_is(at):
    for letter in set(ALPHABET[:5]) - {KEY[at]}:
        with pytest.raises(MistypedKey):
            check_spelling(KEY[:at] + letter + KEY[at + 1 :])


@pytest.mark.parametrize(
    "text", ["", "odk_", "odk_unknown", "odk_" + "x" * 43, KEY + "0", KEY[:-1]]
)
def test_what_has_another_length_may_be_anything(text):
    check_spelling(text)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("7d", timedelta(days=7)),
        ("12h", timedelta(hours=12)),
        ("0m", timedelta()),
        ("30d", timedelta(days=30)),
        ("720h", timedelta(days=30)),
        ("721h", None),
        ("7", None),
        ("d", None),
        ("-1d", None),
        ("1.5h", None),
        ("٣d", None),
        ("9999999d", None),
    ],
)
def test_a_term_is_a_number_and_a_unit_up_to_thirty_days(text, term):
    assert read_term(text) == term
