"""Sending a large file in parts (tus 1.0.0): what breaks off is gone on with.

The server knows by the Idempotency-Key how far the file has come, so nothing is remembered here:
a command that was killed goes on when it is typed again.
"""

import hashlib
import io
import time
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import click
import requests

from opendata.cli.answers import TIMEOUT, answer, give_up, refused, trouble
from opendata.cli.sending import Counted, Errand, Told, progress

PART_BYTES = 8 * 1024 * 1024
ABOVE_BYTES = PART_BYTES
VERSION = {"Tus-Resumable": "1.0.0"}
# The server restarts, another request has not noticed yet that its connection is gone, a part
# changed on its way: all of these pass.
PASSING = (408, 409, 423, 429, 460, 500, 502, 503, 504)
CUT_OFF = "truncated-upload"
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 0.5, 15.0
PATIENCE_SECONDS = 300.0


def send_in_parts(session: requests.Session, errand: Errand) -> Mapping[str, Any]:
    """Send the file in parts, from where the server has it already; return the submission."""
    begun = answer(
        lambda: session.post(errand.url("uploads"), headers=_announcement(errand), timeout=TIMEOUT)
    )
    with progress(errand, begun["offset"]) as told:
        submission = _Parts(session, errand, told).send(begun)
    url = errand.url(f"submissions/{submission}")
    return answer(lambda: session.get(url, timeout=TIMEOUT))


def _announcement(errand: Errand) -> dict[str, str]:
    told = {
        "dataset": errand.dataset,
        "filename": errand.file.name,
        "filetype": errand.media_type,
        "sha256": errand.sha256.hex(),
        **errand.remarks,
    }
    pairs = (f"{name} {b64encode(value.encode()).decode()}" for name, value in told.items())
    return {
        **VERSION,
        "Upload-Length": str(errand.size),
        "Upload-Metadata": ",".join(pairs),
        "Idempotency-Key": errand.key,
    }


class _Parts:
    """An upload that goes on, from offset to offset."""

    def __init__(self, session: requests.Session, errand: Errand, told: Told) -> None:
        self._session = session
        self._errand = errand
        self._told = told
        self._delay = FIRST_DELAY_SECONDS
        self._until = time.monotonic() + PATIENCE_SECONDS

    def send(self, begun: Mapping[str, Any]) -> str:
        """Send what is missing; return the id of the submission."""
        url = self._errand.url(f"uploads/{begun['id']}")
        offset: int | None = begun["offset"]
        while begun["submission"] is None:
            # Whoever does not know how far it is asks; at the end, which submission it became.
            asks = offset is None or offset == self._errand.size
            response = self._asked(url) if asks else self._sent(url, offset or 0)
            if response is None:
                offset = None
            elif asks:
                begun = response.json()
                offset = begun["offset"]
            else:
                offset = int(response.headers["Upload-Offset"])
            if offset is not None:
                self._told(offset)
        return str(begun["submission"])

    def _asked(self, url: str) -> requests.Response | None:
        return self._tried("GET", url)

    def _sent(self, url: str, offset: int) -> requests.Response | None:
        with self._errand.file.open("rb") as source:
            source.seek(offset)
            part = source.read(PART_BYTES)
        if not part:
            give_up("文件在上传中变短了。 The file became shorter while it was sent.")
        headers = {
            **VERSION,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            "Upload-Checksum": f"sha256 {b64encode(hashlib.sha256(part).digest()).decode()}",
        }
        body = Counted(io.BytesIO(part), len(part), lambda sent: self._told(offset + sent))
        return self._tried("PATCH", url, data=body, headers=headers)

    def _tried(self, method: str, url: str, **more: Any) -> requests.Response | None:
        """Return the answer; ``None`` after a pause where the same may succeed later."""
        try:
            response = self._session.request(method, url, timeout=TIMEOUT, **more)
        except requests.RequestException as error:
            self._pause(trouble(error))
            return None
        if response.ok:
            self._delay = FIRST_DELAY_SECONDS
            self._until = time.monotonic() + PATIENCE_SECONDS
            return response
        if response.status_code not in PASSING and CUT_OFF not in response.text:
            refused(response)
        self._pause(f"{response.status_code} {response.reason}")
        return None

    def _pause(self, reason: str) -> None:
        if time.monotonic() + self._delay > self._until:
            give_up(
                f"上传中断：{reason}。再次执行同一命令即可续传。\n"
                f"The upload broke off: {reason}. The same command goes on with it."
            )
        click.echo(f"连接中断，稍后续传 Interrupted, going on: {reason}", err=True)
        time.sleep(self._delay)
        self._delay = min(LONGEST_DELAY_SECONDS, 2 * self._delay)
