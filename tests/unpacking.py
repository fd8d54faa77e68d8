"""What bytes say, for tests that look for what may be nowhere."""

import gzip
import io
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard


def unpacked(content: bytes) -> str:
    """Return what bytes say, taken out of whatever they are packed in."""
    if content[:4] == b"\x28\xb5\x2f\xfd":
        return unpacked(zstandard.ZstdDecompressor().decompressobj().decompress(content))
    if content[:2] == b"\x1f\x8b":
        return unpacked(gzip.decompress(content))
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(unpacked(book.read(each)) for each in book.namelist())
    if content[:4] == b"PAR1":
        return str(pq.read_table(io.BytesIO(content)).to_pylist())
    if content[:4] == b"\xff\xff\xff\xff":
        return str(pa.ipc.open_stream(content).read_all().to_pylist())
    return content.decode("utf-8", "replace")
