"""Clients: whose address a request came from, once the proxies in front have been believed."""

from functools import lru_cache
from ipaddress import IPv6Address

SITE_BITS = 48


@lru_cache(maxsize=4096)
def network(address: str, bits: int = 64) -> str:
    """Return whose address it is: one subscriber has 64 bits of IPv6 to choose from.

    With ``SITE_BITS``: the site, which often has 65,536 such networks to choose from.

    >>> network("2001:db8::1"), network("192.0.2.1"), network("::ffff:192.0.2.1")
    ('2001:db8::', '192.0.2.1', '192.0.2.1')
    """
    if ":" not in address:
        return address
    try:
        given = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if given.ipv4_mapped is not None:
        return str(given.ipv4_mapped)
    host = 128 - bits
    return str(IPv6Address(int(given) >> host << host))
