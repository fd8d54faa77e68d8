"""Who opens what: every view says which roles it is opened to."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import current_app, g, request

from opendata.domain.keys import NotAuthenticated
from opendata.domain.people import Actor, Role, check_role
from opendata.runtime import Runtime
from opendata.stages import access, keys, limits
from opendata.web.client import SITE_BITS, network

P = ParamSpec("P")
R = TypeVar("R")

EVERYONE: frozenset[Role] = frozenset()
ANY_ROLE = frozenset(Role)
SCHEME = "bearer"
# In the environment of a request: what is left of its quota, and that its key counts.
ALLOWANCE = "opendata.allowance"
AUTHENTICATED = "opendata.authenticated"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORWARDED = {"forwarded", "x-forwarded-for", "x-real-ip"}


def runtime() -> Runtime:
    """Return what this process holds."""
    held: Runtime = current_app.extensions["opendata"]
    return held


def actor() -> Actor:
    """Return who acts in this request; only views not opened to everyone have one."""
    acting: Actor = g.actor
    return acting


def reader() -> Actor | None:
    """Return who reads, where a view that is opened to everyone was sent a key."""
    reading: Actor | None = _authenticated() if "Authorization" in request.headers else None
    # Kept, so that caches are told that the answer depends on it.
    g.reader = reading
    return reading


def opened_to(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Open a view to holders of keys with one of ``roles``; to everyone if none is named.

    Raises:
        NotAuthenticated: no key, or one that does not count.
        WrongRole: the key's role is not one of ``roles``.
        TooManyAttempts: too many such keys came from this address in this minute.
        RateLimited: the person asked for too many changes in this minute.
    """
    allowed = frozenset(roles)

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if allowed:
                g.actor = _authenticated()
                _spend(g.actor)
                check_role(g.actor, allowed)
            return view(*args, **kwargs)

        guarded.__dict__["opened_to"] = allowed
        if allowed:
            # flask-smorest collects what is documented in the view's ``_apidoc``.
            docs = guarded.__dict__.setdefault("_apidoc", {})
            docs.setdefault("manual_doc", {})["security"] = [{"key": []}]
        return guarded

    return decorate


def _authenticated() -> Actor:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME or not secret.strip():
        raise NotAuthenticated(
            "此操作需要密钥：Authorization: Bearer odk_…",
            "This needs a key: Authorization: Bearer odk_…",
        )
    held, loopback = runtime(), _from_loopback()
    try:
        with held.home.database.read() as session:
            found = access.authenticate(session, secret.strip(), held.now(), loopback=loopback)
    except NotAuthenticated as refusal:
        limits.note_failure(held.home, client_network(), refusal.tried, held.now())
        quota = held.settings.key_attempt_limit
        limits.count_failure(held.home, client_network(), quota, held.now())
        raise
    keys.note_use(held.home, found.key_id, held.now())
    request.environ[AUTHENTICATED] = True
    return found


def client_network() -> str:
    """Return whose address this request comes from; it is counted, and kept as a hash only."""
    return network(request.remote_addr or "")


def client_site() -> str:
    """Return the site that this address belongs to, which may give it any of many networks."""
    return network(request.remote_addr or "", SITE_BITS)


def _spend(acting: Actor) -> None:
    """Count what would change something; its answer says what is left of that quota."""
    if request.method in _SAFE:
        return
    held = runtime()
    quota = held.settings.write_limit
    left = limits.spend_write(held.home.database, acting.person_id, quota, held.now())
    if left is not None:
        request.environ[ALLOWANCE] = left
        left.check()


def _from_loopback() -> bool:
    # A proxy on this machine connects from loopback for somebody who may be anywhere.
    if not runtime().settings.trusted_proxies and _FORWARDED & set(
        request.headers.keys(lower=True)
    ):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
