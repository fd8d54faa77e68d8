"""A browser; what it looks at is the platform of ``library``, see ``address``."""

import os
from collections.abc import Iterator

import pytest

from tests.browser.chromium import Tab, browser, installed


@pytest.fixture(scope="session")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A tab of a headless Chromium; where there is none, a reason, and in CI a failure."""
    program = installed()
    if program is None:
        missing = "There is no Chromium on this machine (apt-get install chromium)."
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with browser(program, tmp_path_factory.mktemp("profile")) as opened:
        yield opened
