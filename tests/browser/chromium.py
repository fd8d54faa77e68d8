"""A headless Chromium, spoken to over two pipes: no driver, no port, no further package.

Chromium's ``--remote-debugging-pipe`` reads commands of the DevTools protocol from descriptor 3
and answers on descriptor 4; each message is JSON and ends with a NUL byte.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine is ever asked for anything.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


def installed() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return next((found for each in NAMES if (found := shutil.which(each))), None)


class Tab:
    """One page of the browser."""

    def __init__(self, commands: int, answers: int) -> None:
        """Open a tab; the browser reads ``commands`` and writes ``answers``."""
        self._commands = commands
        self._answers = os.fdopen(answers, "rb", buffering=0)
        self._rest = b""
        self._number = 0
        self._session: str | None = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self.send("Page.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; events on the way are passed over."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != self._number:
            pass
        assert "error" not in answer, answer["error"]
        result: dict[str, Any] = answer["result"]
        return result

    def look_like(self, width: int, height: int, scheme: str = "light") -> None:
        """Take the size of a device, and a colour scheme."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", features=features)

    def open(self, url: str) -> None:
        """Load a page, style sheets included."""
        self.send("Page.navigate", url=url)
        self._loaded()

    def submit(self, form: str) -> None:
        """Press the button of the form that a selector names, and wait for the next page."""
        self.ask(f"document.querySelector({form!r}).requestSubmit()")
        self._loaded()

    def ask(self, expression: str) -> Any:
        """Return what a JavaScript expression gives; the page's own policy does not bind it."""
        told = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def close(self) -> None:
        """End the browser."""
        self._session = None
        self.send("Browser.close")
        self._answers.close()

    def _loaded(self) -> None:
        while self._read().get("method") != "Page.loadEventFired":
            pass

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = self._answers.read(65536)
            assert more, "Chromium ended."
            self._rest += more
        text, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message


@contextmanager
def browser(program: str, profile: Path) -> Iterator[Tab]:
    """Run Chromium with a profile of its own, and stop it at the end."""
    reads_commands, commands = os.pipe()
    answers, writes_answers = os.pipe()
    # The shell puts the pipes' ends where Chromium looks for them, and becomes Chromium.
    line = f'exec "$0" "$@" 3<&{reads_commands} 4>&{writes_answers}'
    own = ["--remote-debugging-pipe", f"--user-data-dir={profile}"]
    process = subprocess.Popen(
        ["bash", "-c", line, program, *QUIET, *own],
        pass_fds=(reads_commands, writes_answers),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(reads_commands)
    os.close(writes_answers)
    try:
        tab = Tab(commands, answers)
        yield tab
        tab.close()
        process.wait(20)
    finally:
        os.close(commands)
        if process.poll() is None:
            process.kill()
            process.wait()
