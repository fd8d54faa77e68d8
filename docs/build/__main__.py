"""``python -m docs.build`` writes the generated parts anew; ``--check`` only says what is stale."""

import sys
from pathlib import Path

from docs.build.islands import stale

DOCS = Path(__file__).parents[1]


def main(arguments: list[str]) -> int:
    """Return the exit status: 1 if a page is stale and was to be checked only."""
    check = arguments == ["--check"]
    pages = stale(DOCS)
    for page, text in pages.items():
        if check:
            sys.stderr.write(f"{page.relative_to(DOCS.parent)} is stale; run: make docs\n")
        else:
            page.write_text(text, encoding="utf-8")
    return 1 if check and pages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
