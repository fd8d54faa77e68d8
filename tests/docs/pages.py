"""Pages as a reader types them: the fenced examples of a page, and a shell to type them into.

A fence marked ``sh`` is typed. A fence marked ``text`` right behind it shows what comes out: each
of its lines is found there, in that order, where ``…`` stands for anything. A fence marked
``http`` holds requests that are answered. Every other fence is for reading only.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.house.tree import ROOT
from tests.typist import write_stub

FENCE = re.compile(r"^```(?P<kind>[a-z]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
WRITTEN_SERVER = "localhost:8000"
MARK = "=== block"


@dataclass(frozen=True)
class Example:
    """One fenced block of a page, and what the page shows as its outcome."""

    page: str
    kind: str
    body: str
    shown: str


def pages() -> list[Path]:
    """Return every page that may hold examples: the README and the documentation."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def examples(page: Path, kind: str) -> Iterator[Example]:
    """Yield the fences of one kind, in the order of the page."""
    fences = list(FENCE.finditer(page.read_text(encoding="utf-8")))
    followers = [*fences[1:], None] if fences else []
    for fence, follower in zip(fences, followers, strict=True):
        if fence["kind"] == kind:
            shown = follower["body"] if follower and follower["kind"] == "text" else ""
            name = page.relative_to(ROOT).as_posix()
            yield Example(name, kind, fence["body"], shown)


def clone(folder: Path) -> Path:
    """Make a folder that looks like a fresh clone after ``make install``, and may be written to.

    Its command ``opendata`` is carried out by ``typist.py``.
    """
    folder.mkdir()
    for each in ROOT.iterdir():
        if not each.name.startswith(".") and each.name != "var":
            (folder / each.name).symlink_to(each)
    write_stub(folder / ".venv" / "bin")
    return folder


def type_in(typed: Sequence[Example], folder: Path, environment: dict[str, str]) -> list[str]:
    """Type examples into one shell, as they are; return what each of them wrote."""
    server = environment["SERVER_UNDER_TEST"]
    parts = [
        f"printf '\\n{MARK} {number}\\n'\n{each.body}".replace(WRITTEN_SERVER, server)
        for number, each in enumerate(typed)
    ]
    script = folder / ".typed.sh"
    script.write_text("exec 2>&1\n" + "\n".join(parts), encoding="utf-8")
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", script.name],
        cwd=folder,
        env={**plain_environment(), "TMPDIR": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    written = re.split(rf"^{MARK} \d+\n", ended.stdout, flags=re.MULTILINE)[1:]
    return [each.replace(server, WRITTEN_SERVER) for each in written]


def plain_environment() -> dict[str, str]:
    """Return an environment without anything that the person who runs the tests has set."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {"PATH": path, "LANG": "C.UTF-8", "no_proxy": "*"}


def not_shown(shown: str, written: str) -> list[str]:
    """Return the lines that a page shows and that were not written, or not in this order."""
    missing, at = [], 0
    for line in filter(str.strip, shown.splitlines()):
        parts = [r"\s+".join(map(re.escape, part.split())) for part in line.split("…")]
        found = re.compile(".*?".join(parts)).search(written, at)
        if found is None:
            missing.append(line)
        else:
            at = found.end()
    return missing
