"""What every answer says in its headers, whichever view it came from."""

from flask import Response, request

from opendata.web.links import base_url

EXPOSED = "Content-Disposition, ETag, Link, Location, Repr-Digest"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}


def finish(response: Response) -> Response:
    """Add what protects readers, opens reading to other sites, and leads to the description."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    # Anybody's page may read what is public; keys are never sent by a browser of itself.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers.extend(PREFLIGHT)
    if request.path.startswith("/api/"):
        root = base_url()
        # RFC 8631: where programs and people find what this interface is.
        response.headers.add("Link", f'<{root}/api/v1/openapi.json>; rel="service-desc"')
        response.headers.add("Link", f'<{root}/api/docs>; rel="service-doc"')
    return response
