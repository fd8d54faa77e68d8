"""How often one address, or one key, may ask this process."""

import hashlib
import math
from collections.abc import Callable, Mapping
from typing import Any

from opendata.domain.limits import WINDOW_SECONDS, Allowance
from opendata.settings import Settings
from opendata.web.access import AUTHENTICATED
from opendata.web.client import network

# What watches the platform, and what pages are made of, is not counted.
EXEMPT = frozenset({"/healthz", "/readyz", "/metrics"})
EXEMPT_BELOW = "/static/"
# Addresses, or keys, that a window tells apart; those beyond share one quota.
MOST_COUNTED = 50_000
_OTHERS = ""


class ReadLimits:
    """Counts the requests of a process by address, and by key where one is shown that counts.

    A process has its share of the limit; see ``OPENDATA_READ_LIMIT``. A key is believed once the
    application has: before that, and for ever if it is none, its requests count for the address.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        """Share the limits among ``settings.web_workers``; ``clock`` tells seconds."""
        self._clock = clock
        self._addresses = _Window("address", _share(settings.read_limit, settings))
        self._keys = _Window("key", _share(settings.key_read_limit, settings))
        self._believed: dict[bytes, None] = {}
        self.is_on = settings.read_limit > 0

    def spend(self, environ: Mapping[str, Any]) -> Allowance | None:
        """Count a request, and return what is left; ``None`` where nothing is counted."""
        path: str = environ["PATH_INFO"]
        if path in EXEMPT or path.startswith(EXEMPT_BELOW):
            return None
        if "HTTP_AUTHORIZATION" in environ:
            shown = _digest(environ)
            if shown in self._believed:
                return self._keys.spend(shown.hex(), self._clock())
        return self._addresses.spend(network(environ.get("REMOTE_ADDR") or ""), self._clock())

    def believe(self, environ: Mapping[str, Any]) -> None:
        """Count what comes with this request's key for the key from now on."""
        if AUTHENTICATED in environ:
            if len(self._believed) >= MOST_COUNTED:
                self._believed = {}
            self._believed[_digest(environ)] = None


class _Window:
    """One minute's requests by who sent them; forgotten as a whole when the next begins."""

    def __init__(self, policy: str, quota: int) -> None:
        self._policy = policy
        self._quota = quota
        self._number = -1
        self._counts: dict[str, int] = {}

    def spend(self, who: str, now: float) -> Allowance | None:
        if not self._quota:
            return None
        number = int(now // WINDOW_SECONDS)
        if number != self._number:
            self._number, self._counts = number, {}
        # Threads may miss each other's count now and then; a lock would cost more than it saves.
        counts = self._counts
        if who not in counts and len(counts) >= MOST_COUNTED:
            who = _OTHERS
        spent = counts[who] = counts.get(who, 0) + 1
        resets_in = math.ceil(WINDOW_SECONDS - now % WINDOW_SECONDS)
        return Allowance(self._policy, self._quota, self._quota - spent, resets_in)


def _share(limit: int, settings: Settings) -> int:
    return math.ceil(limit / settings.web_workers)


def _digest(environ: Mapping[str, Any]) -> bytes:
    """Return what a key is remembered by; the key itself is not kept."""
    given: str = environ["HTTP_AUTHORIZATION"]
    return hashlib.sha256(given.encode("latin-1", "replace")).digest()
