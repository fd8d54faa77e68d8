"""``opendata validate`` and ``opendata contract check``: the exit status is part of the promise."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from opendata.cli.contract import contract as contract_group
from opendata.cli.findings import aligned, display_width, flag_lines
from opendata.cli.validate import validate
from opendata.domain.privacy import Flag, Kind
from tests.tabular.conftest import Declarations, csv_text


@pytest.fixture
def schemas(declarations: Declarations) -> Path:
    """An operator's own folder of contracts."""
    return declarations.write().parent.parent


def run(tmp_path: Path, content: str | bytes, *arguments: str) -> Result:
    file = tmp_path / "数据.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return CliRunner().invoke(validate, [str(file), *arguments])


def by_collection(tmp_path: Path, schemas: Path, content: str | bytes, *more: str) -> Result:
    return run(tmp_path, content, "--collection", "penalties", "--schemas", str(schemas), *more)


def test_a_valid_file_exits_0(tmp_path: Path, schemas: Path) -> None:
    result = by_collection(tmp_path, schemas, csv_text({}))

    assert result.exit_code == 0
    assert "合格 VALID  数据.csv  1 行 rows" in result.output
    assert "T-AGENCY, T-PERIOD, key-unique-across" in result.output


def test_an_invalid_file_exits_1_and_shows_every_finding(tmp_path: Path, schemas: Path) -> None:
    result = by_collection(tmp_path, schemas, csv_text({"kind": "x"}, {"amount": "", "source": ""}))

    assert result.exit_code == 1
    assert "不合格 INVALID" in result.output
    assert "2       2       类别 kind" in result.output
    assert "第 2 行第 4 列“类别”（kind）：值“x”不在代码表中" in result.output
    assert "T-FINE" in result.output
    assert "T-SOURCE  × 1" in result.output


def test_a_file_that_is_no_table_exits_2(tmp_path: Path, schemas: Path) -> None:
    result = by_collection(tmp_path, schemas, b"%PDF-1.7")

    assert result.exit_code == 2
    assert "[not-a-table]" in result.stderr


def test_an_unknown_collection_exits_2(tmp_path: Path, schemas: Path) -> None:
    result = run(tmp_path, "x", "--collection", "nothing", "--schemas", str(schemas))

    assert result.exit_code == 2
    assert "penalties" in result.stderr


def test_json_is_the_report(tmp_path: Path, schemas: Path) -> None:
    result = by_collection(tmp_path, schemas, csv_text({"kind": "x", "source": ""}), "--json")

    body = json.loads(result.output)
    assert body["counts"] == {"rows": 1, "errors": 1, "by_type": {"constraint-error": 1}}
    assert body["tasks"][0]["errors"][0]["messages"]["zh"]
    assert body["cautions"][0]["name"] == "T-SOURCE"
    assert body["provenance"]["delimiter"] == ","


def test_who_reads_the_rows_changes_nothing_in_the_report(tmp_path: Path, schemas: Path) -> None:
    content = csv_text({"kind": "x", "source": ""}, {"amount": "许多"}, {})
    bodies = []
    for engine in ("certify", "frictionless"):
        result = by_collection(tmp_path, schemas, content, "--json", "--engine", engine)
        body = json.loads(result.stdout)
        assert body.pop("engine") == engine
        for stats in (body["stats"], body["tasks"][0]["stats"]):
            stats.pop("seconds")
        bodies.append(body)

    assert bodies[0] == bodies[1]


def test_json_of_a_refusal_has_the_shape_of_a_problem(tmp_path: Path, schemas: Path) -> None:
    result = by_collection(tmp_path, schemas, b"\xff\xff", "--json")

    assert result.exit_code == 2
    assert json.loads(result.output)["code"] == "not-utf8"


def test_a_schema_alone_leaves_detection_to_frictionless(tmp_path: Path, schemas: Path) -> None:
    folder = schemas / "penalties" / "v1"
    content = csv_text({"kind": "x"}).replace(",", ";").encode("gb18030")

    result = run(
        tmp_path,
        content,
        "--schema",
        str(folder / "table-schema.json"),
        "--checklist",
        str(folder / "checklist.json"),
        "--json",
    )

    body = json.loads(result.output)
    assert result.exit_code == 1
    assert body["counts"]["by_type"] == {"constraint-error": 1}
    assert body["not_run"] == ["T-AGENCY", "T-PERIOD"]


def test_a_broken_schema_exits_2(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"fields": [{"name": "a", "type": "number"}]}', "utf-8")
    (tmp_path / "bad.json").write_text('{"fields": [{"name": "a", "type": "magic"}]}', "utf-8")

    assert run(tmp_path, "a\n1\n", "--schema", str(tmp_path / "s.json")).exit_code == 0
    assert run(tmp_path, "a\n1\n", "--schema", str(tmp_path / "bad.json")).exit_code == 2
    assert run(tmp_path, "", "--schema", str(tmp_path / "s.json")).exit_code == 2


@pytest.mark.parametrize(
    "arguments", [(), ("--collection", "a", "--schema", __file__), ("--checklist", __file__)]
)
def test_asking_for_neither_or_both_exits_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run(tmp_path, "x", *arguments).exit_code == 2


def test_contracts_can_be_checked(declarations: Declarations) -> None:
    root = declarations.write().parent.parent

    good = CliRunner().invoke(contract_group, ["check", str(root)])
    declarations.column("party").pop("title")
    declarations.write()
    bad = CliRunner().invoke(contract_group, ["check", str(declarations.folder)])

    assert (good.exit_code, bad.exit_code) == (0, 2)
    assert "penalties/v1" in good.output
    assert "table-schema.json#party" in bad.stderr


def test_chinese_characters_are_two_columns_wide() -> None:
    assert display_width("行a") == 3
    assert display_width(aligned("行", "二", "第三列", "x")) == display_width(
        aligned("1", "2", "3", "x")
    )


def test_what_was_understood_is_told(tmp_path: Path, schemas: Path) -> None:
    content = "某市处罚情况\n" + csv_text({}).replace("\n", "\r\n")

    result = by_collection(tmp_path, schemas, content.encode("gbk"))

    assert result.exit_code == 0
    assert "按 GB18030 编码读取" in result.output
    assert "It was read as GB18030" in result.output
    assert "表头在第 2 行" in result.output


def test_the_charset_settles_what_the_bytes_do_not(tmp_path: Path, schemas: Path) -> None:
    content = b"kind,types\nfine,\xb7\xa3\xbf\xee\n"

    ambiguous = by_collection(tmp_path, schemas, content)
    settled = by_collection(tmp_path, schemas, content, "--charset", "gbk", "--json")

    assert ambiguous.exit_code == 2
    assert "--charset gb18030" in ambiguous.stderr
    assert json.loads(settled.output)["provenance"]["encoding_grounds"] == "declared"


def test_a_charset_needs_a_collection(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"fields": []}', encoding="utf-8")

    result = run(tmp_path, "a\n", "--schema", str(schema), "--charset", "gbk")

    assert result.exit_code == 2
    assert "--charset needs --collection" in result.stderr


def test_what_the_scan_raised_is_told_by_kind_and_line():
    flag = Flag(Kind.MOBILE, "note", 12, tuple(range(2, 14)), tuple(range(2, 14)), strong=True)

    told = list(flag_lines([{**flag.as_dict(), "message": flag.message._asdict()}]))

    assert told[2] == "mobile  × 12  行 lines: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …"
    assert told[3].strip() == flag.message.zh


def test_where_the_scan_raised_nothing_nothing_is_told():
    assert list(flag_lines([])) == []
