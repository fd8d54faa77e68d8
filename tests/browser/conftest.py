"""A browser and a server for it: the platform of ``library``, at a port the system chose."""

import os
import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from tests.browser.chromium import Tab, browser, installed
from tests.chain import Chain


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


@pytest.fixture(scope="session")
def address(library: Chain) -> Iterator[str]:
    """Where the platform of ``library`` answers."""
    server = make_server("127.0.0.1", 0, library.client.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
