"""What is told of each kind of finding: in both languages, with nothing left to fill in."""

import pytest

from opendata.tabular.checks.plugin import CHECKS
from opendata.tabular.messages import kind_message, message
from opendata.tabular.rules import RULES

COLUMN = {"amount": {"name": "amount", "title": "金额"}}
KINDS = sorted({error.type for check in CHECKS.values() for error in check.Errors})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_finding_has_its_words(kind: str) -> None:
    rule = RULES[kind]

    assert rule.title.zh
    assert rule.title.en
    told = message(
        {
            "type": kind,
            "note": "note",
            "fieldName": "amount",
            "cell": "7",
            "expected": "8",
            "found": "9",
            "difference": "1",
            "relation": "a = b",
            "group": "某局",
            "comparison": "within_rounding",
            "rowNumbers": [2, 3],
        },
        COLUMN,
        2,
    )
    for text in told:
        assert "{" not in text
        assert "金额" in text
    assert "第 2 行" in told.zh
    assert "某局" not in kind_message({"type": kind, "note": "", "group": "某局"}, COLUMN).zh


def test_a_finding_without_a_row_is_about_the_file() -> None:
    told = message({"type": "grid-incomplete", "note": "", "rowNumbers": []}, {}, None)

    assert told.zh.startswith("文件：")
