"""A load generator: requests over connections that stay open, each sent when the last is answered.

One thread and ``epoll``, so that it takes little of the machine it shares with what is measured:
about 30 microseconds a request. Answers are counted and checked, not kept.
"""

import re
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.programs import HOST

CONNECTIONS = 16
BUFFER_BYTES = 1 << 20
PATIENCE_SECONDS = 120.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_BODILESS = (b"204", b"304")


class BadAnswer(RuntimeError):
    """What is measured does not answer as it should; the message has the answer's beginning."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to ask, and the status that is a good answer."""

    port: int
    status: int = 200
    connections: int = CONNECTIONS


@dataclass(slots=True)
class Load:
    """What came of one run: seconds from first to last, and of each request."""

    seconds: float = 0.0
    received: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the seconds within which ``share`` (0 to 1) of the requests were answered."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def get(path: str, *headers: str) -> bytes:
    """Return the bytes of a GET request."""
    return "\r\n".join(
        (f"GET {path} HTTP/1.1", f"Host: {HOST}", "Accept: application/json", *headers, "", "")
    ).encode()


def post(path: str, body: str, accept: str = "application/json") -> bytes:
    """Return the bytes of a POST request."""
    content = body.encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: {accept}\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def driven(target: Target, requests: Iterator[bytes], seconds: float) -> Load:
    """Send ``requests`` for ``seconds``, or until there are no more; wait for what is under way.

    Raises:
        BadAnswer: an answer has another status, an empty body, or does not come.
    """
    load, connections, poll = Load(), {}, select.epoll()
    begun = time.perf_counter()
    try:
        for _ in range(target.connections):
            each = _Connection(target)
            connections[each.number] = each
            poll.register(each.number, select.EPOLLIN)
            _next(connections, each, requests)
        while connections:
            events = poll.poll(PATIENCE_SECONDS)
            if not events:
                message = f"no answer within {PATIENCE_SECONDS:.0f} s"
                raise BadAnswer(message)
            more = requests if time.perf_counter() - begun < seconds else iter(())
            for number, _ in events:
                _heard(connections, connections[number], more, load)
    finally:
        for each in connections.values():
            each.socket.close()
        poll.close()
    load.seconds = time.perf_counter() - begun
    return load


def _heard(
    connections: dict[int, "_Connection"],
    each: "_Connection",
    requests: Iterator[bytes],
    load: Load,
) -> None:
    if each.receive():
        load.latencies.append(time.perf_counter() - each.sent)
        load.received += each.received
        _next(connections, each, requests)


def _next(
    connections: dict[int, "_Connection"], each: "_Connection", requests: Iterator[bytes]
) -> None:
    request = next(requests, None)
    if request is None:
        del connections[each.number]
        each.socket.close()
    else:
        each.send(request)


class _Connection:
    """One connection and the answer that is coming in on it."""

    buffer = bytearray(BUFFER_BYTES)
    view = memoryview(buffer)

    def __init__(self, target: Target) -> None:
        self.socket = socket.create_connection((HOST, target.port), PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = self.socket.fileno()
        self.wanted = str(target.status).encode()
        self.sent = 0.0
        self.received = 0
        self.left: int | None = None
        self.head = b""
        self.tail = b""

    def send(self, request: bytes) -> None:
        self.received, self.left, self.head, self.tail = 0, None, b"", b""
        self.sent = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what has come; return whether the answer is whole now."""
        count = self.socket.recv_into(self.buffer)
        if not count:
            message = f"the connection ended within an answer: {self.head[:300]!r}"
            raise BadAnswer(message)
        if self.left is None:
            return self._begin(bytes(self.view[:count]))
        return self._take(self.view[:count])

    def _begin(self, data: bytes) -> bool:
        self.head += data
        end = self.head.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = self.head[:end]
        if head[9:12] != self.wanted:
            message = f"status {head[9:12]!r} instead of {self.wanted!r}: {self.head[:1000]!r}"
            raise BadAnswer(message)
        if head[9:12] in _BODILESS:
            return True
        found = _LENGTH.search(head)
        if found is None and not _CHUNKED.search(head):
            message = f"an answer of unknown length: {head!r}"
            raise BadAnswer(message)
        # Less than none is left: chunks end by themselves.
        self.left = int(found[1]) if found else -1
        if self.left == 0:
            message = f"an empty answer: {head!r}"
            raise BadAnswer(message)
        return self._take(memoryview(self.head)[end + 4 :])

    def _take(self, data: memoryview) -> bool:
        self.received += len(data)
        if self.left is not None and self.left > 0:
            self.left -= len(data)
            return self.left == 0
        # The last chunk is empty, and nothing comes behind it before the next request.
        self.tail = (self.tail + bytes(data[-5:]))[-5:]
        return self.tail == b"0\r\n\r\n"
