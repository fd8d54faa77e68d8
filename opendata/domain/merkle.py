"""A Merkle tree over salted rows (RFC 6962, 2.1; RFC 9162, 2.1): one root speaks for every row.

Whoever has one row, its salt and a path of about log2(n) digests can compute the root, and learns
nothing of the other rows: what they hash is salted with what nobody else knows.

``leaves`` are leaf hashes one behind the other, 32 bytes each, in the order of the rows.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256

# RFC 9162, 10.2.1 calls the hash SHA-256; the tree is built as its section 2.1 says.
ALGORITHM = "RFC9162_SHA256"
HASH_BYTES = 32
_LEAF, _NODE = b"\x00", b"\x01"
_PAIR = 2 * HASH_BYTES


def row_salt(secret: bytes, dataset: str, number: int, record_id: str) -> bytes:
    """Return the salt of one record of one release, which only the holder of ``secret`` knows."""
    subject = f"row-salt/{dataset}@{number}/{record_id}"
    return hmac.digest(secret, subject.encode(), "sha256")


def leaf(salt: bytes, line: bytes) -> bytes:
    """Return the leaf hash of a row: ``line`` is its line of NDJSON without the line break."""
    return sha256(_LEAF + salt + line).digest()


def root(leaves: bytes) -> bytes:
    """Return the root; of no leaves it is the hash of nothing.

    >>> root(b"").hex()[:16]
    'e3b0c44298fc1c14'
    """
    return subtrees(leaves, _height(leaves)) if leaves else sha256().digest()


def subtrees(leaves: bytes, height: int) -> bytes:
    """Return the roots of the subtrees over each 2^``height`` leaves, the last over what is left.

    They stand for the leaves: the root over them is the same, and the path of leaf ``i`` is its
    path within its own 2^``height`` leaves, then the path of root ``i >> height`` among these.
    """
    for _ in range(height):
        leaves = _parents(leaves)
    return leaves


def path(leaves: bytes, index: int) -> list[bytes]:
    """Return what leads from leaf ``index`` to the root (RFC 9162, 2.1.3.1), nearest first.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves) // HASH_BYTES:
        message = f"There is no leaf {index}."
        raise IndexError(message)
    found = []
    while len(leaves) > HASH_BYTES:
        beside = (index ^ 1) * HASH_BYTES
        if beside < len(leaves):
            found.append(leaves[beside : beside + HASH_BYTES])
        leaves, index = _parents(leaves), index >> 1
    return found


def check(hashed: bytes, index: int, size: int, given: Sequence[bytes], expected: bytes) -> bool:
    """Whether leaf hash ``hashed`` is number ``index`` of the ``size`` leaves under a root.

    Source: RFC 9162, 2.1.3.2. The bits of the index say on which side each digest stands; a last
    node without a partner goes up as it is.
    """
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    for each in given:
        if last == 0 or len(each) != HASH_BYTES:
            return False
        if at & 1 or at == last:
            hashed = sha256(_NODE + each + hashed).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hashed = sha256(_NODE + hashed + each).digest()
        at, last = at >> 1, last >> 1
    return last == 0 and hmac.compare_digest(hashed, expected)


def _parents(level: bytes) -> bytes:
    """Return the nodes over each two of ``level``; one that is left alone goes up as it is."""
    even = len(level) // _PAIR * _PAIR
    nodes = [sha256(_NODE + level[at : at + _PAIR]).digest() for at in range(0, even, _PAIR)]
    return b"".join([*nodes, level[even:]])


def _height(leaves: bytes) -> int:
    """Return how many times the nodes are halved until one is left."""
    return (len(leaves) // HASH_BYTES - 1).bit_length()
