"""Projecting: some of the columns of rendered records, taken out without reading their values."""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

_ENCODER = msgspec.json.Encoder()


def projected(lines: Sequence[bytes], fields: tuple[str, ...]) -> list[bytes]:
    """Return JSON objects of some fields, in the order given, as they are written in ``lines``."""
    if not lines:
        return []
    records = _decoder(fields).decode_lines(b"\n".join(lines))
    return _ENCODER.encode_lines(records).split(b"\n")[:-1]


@lru_cache(maxsize=256)
def _decoder(fields: tuple[str, ...]) -> msgspec.json.Decoder[msgspec.Struct]:
    # The attributes are numbered, for a column may be named like a word of Python.
    attributes = [(f"column_{at}", msgspec.Raw) for at in range(len(fields))]
    names = {f"column_{at}": name for at, name in enumerate(fields)}
    return msgspec.json.Decoder(msgspec.defstruct("Record", attributes, rename=names))
