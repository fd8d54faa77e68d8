"""What others wrote and the tree carries is as they published it, and may be carried."""

import hashlib

import pytest

from tests.house.tree import ROOT, files

VENDORED = ROOT / "opendata" / "web" / "static" / "vendor"


@pytest.mark.parametrize("folder", sorted(VENDORED.iterdir()), ids=lambda each: each.name)
def test_a_vendored_package_says_its_version_licence_and_digests(folder):
    version, _, _, *lines = (folder / "VERSION").read_text("utf-8").splitlines()
    digests = {name: digest for digest, name in (line.split() for line in lines)}

    assert folder.name in version
    assert (folder / "LICENSE").is_file()
    assert digests == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "VERSION"
    }


def test_no_page_and_no_script_of_ours_loads_from_another_place():
    ours = [
        path
        for path in files(".html", ".js", ".css")
        if path.is_relative_to(ROOT / "opendata") and not path.is_relative_to(VENDORED)
    ]

    assert ours
    for path in ours:
        text = path.read_text("utf-8")
        assert 'src="http' not in text
        assert "@import" not in text
        assert "sourceMappingURL" not in text


def test_vendored_files_point_at_no_source_maps():
    for path in files(".js", ".css"):
        if path.is_relative_to(VENDORED):
            assert "sourceMappingURL" not in path.read_text("utf-8")
