"""What an operator installs is whole."""

import subprocess
import sys
import zipfile

from tests.house.tree import ROOT


def test_the_wheel_carries_code_contracts_and_the_frictionless_plugin(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("opendata-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    contracts = {
        f"opendata/{path.relative_to(ROOT).as_posix()}" for path in ROOT.glob("schemas/*/v*/*.*")
    }

    assert contracts
    assert contracts <= names
    assert {"opendata/__init__.py", "frictionless_opendata.py"} <= names
    assert not [name for name in names if name.startswith(("tests/", "opendata/tabular/plugin/"))]
