"""The limits that can be counted, and what the code may not say."""

import ast
import re
import sys

from tests.house.tree import ROOT, functions, product, said

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
MOST_PARAMETERS = 5

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
EXEMPTION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover)(?P<rest>.*)")
CODES = re.compile(r"^\s*:?\s*(\[[^]]*\]|[A-Z]+[0-9]+(\s*,\s*[A-Z]+[0-9]+)*)?")
NO_ROOM_HAS_THIS_NAME = {"utils", "util", "helpers", "helper", "common", "misc"}


def test_no_file_is_longer_than_a_reader_can_hold():
    assert not [
        f"{said(path)} has {lines} lines"
        for path in product()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES_OF_A_FILE
    ]


def test_no_function_is_longer_than_a_screen():
    """A migration may be: it is a list of what to change, read once."""
    assert not [
        f"{said(path, node.lineno)} {node.name} has {lines} lines"
        for path in product()
        if "migrations" not in path.parts
        for node in functions(path)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]


def test_no_function_asks_for_more_than_five_things():
    """A command does: its options arrive one by one."""
    assert not [
        f"{said(path, node.lineno)} {node.name} has {count} parameters"
        for path in product()
        for node in functions(path)
        if not any("command" in ast.unparse(each) for each in node.decorator_list)
        if (count := _parameters(node)) > MOST_PARAMETERS
    ]


def test_every_module_has_a_name_of_its_own():
    assert not [said(path) for path in product() if path.stem in NO_ROOM_HAS_THIS_NAME]


def test_nothing_is_left_for_later():
    assert not [
        f"{said(path, number)} {line.strip()}"
        for path in product()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]


def test_every_exemption_from_a_linter_says_why():
    """On its own line, or in a comment on the line above."""
    unexplained = []
    for path in product():
        above = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = EXEMPTION.search(line)
            if found and not above.startswith("#") and not _reason(found["rest"]):
                unexplained.append(f"{said(path, number)} {found[0]}")
            above = line.strip()

    assert not unexplained


def test_the_rules_need_nothing_but_the_standard_library():
    allowed = sys.stdlib_module_names | {"opendata"}
    foreign = []
    for path in (ROOT / "opendata" / "domain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            foreign += [
                f"{said(path, node.lineno)} {name}"
                for name in names
                if name.split(".")[0] not in allowed
            ]

    assert not foreign


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return sum(each is not None and each.arg not in {"self", "cls"} for each in named)


def _reason(rest: str) -> bool:
    return bool(re.search(r"\w{2,}", CODES.sub("", rest)))
