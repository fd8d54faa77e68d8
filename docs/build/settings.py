"""Settings: the environment variables that the product reads."""

import ast
import re
from collections.abc import Iterator
from dataclasses import asdict

from docs.build.markdown import code
from docs.build.modules import sources
from docs.build.prose import prose
from opendata.settings import Settings

_VARIABLE = re.compile(r"OPENDATA_[A-Z_]+")


def settings() -> Iterator[str]:
    """Yield a section for each variable."""
    defaults = asdict(Settings.from_environment({}))
    for name, told in sorted(prose("settings", variables()).items()):
        yield f"### {code(name)}"
        yield ""
        yield f"Default: {told['default'].format_map(defaults)}"
        yield ""
        yield told["meaning"]
        yield ""


def variables() -> set[str]:
    """Return the variables that are named anywhere in the source, outside of messages."""
    return {
        node.value
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _VARIABLE.fullmatch(node.value)
    }
