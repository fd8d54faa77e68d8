"""The tree builds and reads the same on anybody's machine."""

import re

from tests.house.tree import ROOT, files, said

# Written in pieces, so that this file does not find itself.
REGISTRIES = [
    "py" + "pi.org",
    "files.python" + "hosted.org",
    "registry." + "npmjs",
    "pypi" + ".tuna",
]
NEIGHBOURS = "../" + "shared"
A_MACHINE = re.compile(r"(?<![\w./:-])/(home|root|Users|work|opt|mnt)/\w")
# The one place that may look beside the tree, where more data to try the product on may lie.
MAY_LOOK_BESIDE_THE_TREE = {".ci/run"}


def _lines():
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # a picture, a workbook
            continue
        for number, line in enumerate(text.splitlines(), 1):
            yield path, number, line


def test_no_file_names_a_package_registry():
    assert not [
        said(path, number) for path, number, line in _lines() if any(x in line for x in REGISTRIES)
    ]


def test_no_file_knows_the_machine_it_was_written_on():
    assert not [
        f"{said(path, number)} {line.strip()[:80]}"
        for path, number, line in _lines()
        if A_MACHINE.search(line)
    ]


def test_no_file_looks_beside_the_tree():
    assert not [
        said(path, number)
        for path, number, line in _lines()
        if NEIGHBOURS in line and said(path) not in MAY_LOOK_BESIDE_THE_TREE
    ]


def test_what_an_operator_needs_is_there():
    wanted = [
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "Dockerfile",
    ]

    assert not [name for name in wanted if not (ROOT / name).is_file()]
