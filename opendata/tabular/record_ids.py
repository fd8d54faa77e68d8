"""The identifiers of many records at once: those that ``record_id`` gives each of them."""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from opendata.tabular.plain import without_idle_zeros
from opendata.tabular.quoted import inside_quotes

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS = {"year": "integer"}
_DIGEST = hashlib.sha256().digest_size
_ID = 52
_ALPHABET = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column of the primary key: its type and its values, a datetime in ISO 8601."""

    kind: str
    values: pl.Series

    def canonical(self) -> pl.Series:
        """Return the one text of each value that is part of what is hashed."""
        texts = self.values.cast(pl.String)
        return without_idle_zeros(texts) if self.kind == "number" else texts


def record_ids(collection: str, key: Sequence[KeyColumn], secret: bytes | None) -> "pa.StringArray":
    """Return the ``_id`` of every row; see ``record_id``. No value of a key is null."""
    columns = [each.canonical().alias(str(at)) for at, each in enumerate(key)]
    parts = [pl.lit("[" + json.dumps(collection, ensure_ascii=False))]
    for at, each in enumerate(key):
        kind, text = _KINDS.get(each.kind, each.kind), pl.col(str(at))
        parts.append(pl.lit(f',["{kind}","'))
        parts.append(inside_quotes(text) if kind == "string" else text)
        parts.append(pl.lit('"]'))
    texts = pl.DataFrame(columns).select(pl.concat_str([*parts, pl.lit("]")]).alias("key"))["key"]
    return base32([*map(_digest(secret), texts.cast(pl.Binary).to_list())])


def _digest(secret: bytes | None) -> Callable[[bytes], bytes]:
    if secret is None:
        return lambda text: hashlib.sha256(text).digest()
    return lambda text: hmac.digest(secret, text, hashlib.sha256)


def base32(digests: Sequence[bytes]) -> "pa.StringArray":
    """Write digests in lower-case base32 (RFC 4648) without padding: each 5 bytes, 8 letters."""
    # Whoever only loads the rules has no use for Arrow, which takes a while.
    import pyarrow as pa

    count, groups = len(digests), -(-_DIGEST // 5)
    padded = np.zeros((count, groups * 5), np.uint8)
    padded[:, :_DIGEST] = np.frombuffer(b"".join(digests), np.uint8).reshape(count, _DIGEST)
    bits = np.zeros(count * groups, np.uint64)
    for each in padded.reshape(-1, 5).T:
        bits = (bits << np.uint64(8)) | each
    letters = np.empty((count * groups, 8), np.uint8)
    for place in range(8):
        letters[:, place] = _ALPHABET[(bits >> np.uint64(35 - 5 * place)) & np.uint64(31)]
    texts = letters.reshape(count, groups * 8)[:, :_ID]
    ends = np.arange(0, _ID * (count + 1), _ID, dtype=np.int32)
    return pa.StringArray.from_buffers(
        count, pa.py_buffer(ends.tobytes()), pa.py_buffer(texts.tobytes())
    )
