"""What every answer says in its headers, whichever view it came from."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from opendata.web.links import root_of

Header = tuple[str, str]

PROTECTION = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"))
EXPOSED = (
    "Accept-Ranges, Content-Disposition, Content-Range, ETag, Link, Location, Opendata-Ended, "
    "RateLimit, RateLimit-Policy, Repr-Digest, Retry-After"
)
# Anybody's page may read what is public; keys are never sent by a browser of itself.
OPENNESS = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", EXPOSED))
PREFLIGHT = (
    ("Access-Control-Allow-Methods", "GET, HEAD"),
    (
        "Access-Control-Allow-Headers",
        "Accept, Accept-Language, Authorization, If-None-Match, If-Range, Range",
    ),
    ("Access-Control-Max-Age", "86400"),
)


def finishing(
    environ: Mapping[str, Any], public_url: str | None, said: Iterable[Header]
) -> list[Header]:
    """Return what protects readers, opens reading to other sites, and leads to the description.

    ``said`` is what the answer says already, which stays.
    """
    found = [*PROTECTION, *OPENNESS]
    if environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
        found += PREFLIGHT
    if environ["PATH_INFO"].startswith("/api/"):
        found += _relations(public_url or root_of(environ))
    names = {name for name, _ in PROTECTION}
    own = {name for name, _ in said if name in names}
    return [each for each in found if each[0] not in own] if own else found


@lru_cache(maxsize=64)
def _relations(root: str) -> tuple[Header, ...]:
    """Say where programs and people find what this interface is (RFC 8631)."""
    return (
        ("Link", f'<{root}/api/v1/openapi.json>; rel="service-desc"'),
        ("Link", f'<{root}/api/docs>; rel="service-doc"'),
    )
