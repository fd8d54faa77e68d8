"""What the project's own rules are asked of: its files, as git would take them."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_OURS_AT_THE_TOP = {".git", ".venv", "var", "dist", "build"}


def files(*suffixes: str) -> list[Path]:
    """Return every file of the tree that is or could be committed, of these suffixes or any."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        found = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # an archive of the tree has no .git
        found = [path for path in ROOT.rglob("*") if _is_ours(path.relative_to(ROOT))]
    return sorted(
        path for path in found if path.is_file() and (not suffixes or path.suffix in suffixes)
    )


def product() -> list[Path]:
    """Return the Python files that users run."""
    return [path for path in files(".py") if path.is_relative_to(ROOT / "opendata")]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method that a file defines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def said(path: Path, line: int | None = None) -> str:
    """Return how a failing test names a place in the tree."""
    place = path.relative_to(ROOT).as_posix()
    return place if line is None else f"{place}:{line}"


def _is_ours(path: Path) -> bool:
    written_by_tools = any(part.endswith(("_cache", "__pycache__")) for part in path.parts)
    return path.parts[0] not in NOT_OURS_AT_THE_TOP and not written_by_tools
