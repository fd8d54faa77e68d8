"""The verdict in parts is Frictionless's own: random schemas, random tables, random damage."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

from frictionless import FrictionlessException
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st

from opendata.tabular.judge import fast
from opendata.tabular.judge.plan import NotPlain
from opendata.tabular.refusals import NotUtf8
from opendata.tabular.text_table import csv_line
from tests.tabular.certify.strategies import is_valid, schemas, tables
from tests.tabular.judge.both import by_frictionless, in_parts

# Without the search for a smaller case, which would take longer than everything else.
FRESH = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
VERSION = {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json"}
DAMAGE = ['"', '""', "\n", "\r", "\r\n", ",", ",,", "\n\n", "\ufeff", "\0", " ", "中", '"\n"']


@st.composite
def files(draw: st.DrawFn, schema: dict[str, Any]) -> bytes:
    """Draw the bytes of a file that is more or less a table of the schema."""
    names = [field["name"] for field in schema["fields"]]
    header = draw(
        st.just(names)
        | st.just(names[:-1] or names)
        | st.just([*names, "more"])
        | st.permutations(names)
    )
    rows = draw(tables(schema, ragged=draw(st.booleans())))
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    text = ending.join(csv_line(each) for each in [header, *rows])
    text += draw(st.sampled_from([ending, "", ending + ending]))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(DAMAGE)) + text[at:]
    return text.encode()


def same_verdict(schema: dict[str, Any], content: bytes, folder: Path) -> None:
    """Judge it both ways; where Frictionless breaks down, nothing can be compared.

    Rows between damaged ones are proven, or they are not, as the number of bytes has it.
    """
    path = folder / "data.csv"
    path.write_bytes(content)
    try:
        alone = by_frictionless(path, schema)
    except FrictionlessException:
        raise
    except Exception as error:
        event(f"Frictionless raises {type(error).__name__}")
        return
    try:
        with patch.object(fast, "FEW_ROWS", 0 if len(content) % 2 else fast.FEW_ROWS):
            parts = in_parts(path, schema)
    except (NotPlain, NotUtf8) as reason:
        event(f"not judged in parts: {reason if isinstance(reason, NotPlain) else 'not UTF-8'}")
        return
    event("judged in parts")
    assert parts == alone


@settings(FRESH, max_examples=40)
@given(data=st.data())
def test_whatever_the_schema_and_the_files_the_report_is_frictionless_s(
    data: st.DataObject, tmp_path: Path
) -> None:
    schema = VERSION | data.draw(schemas())
    assume(is_valid(schema))
    for _ in range(5):
        same_verdict(schema, data.draw(files(schema)), tmp_path)
