"""A network that breaks: it passes bytes on to a server, and cuts connections off."""

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

PIECE_BYTES = 64 * 1024
RESET = struct.pack("ii", 1, 0)


class Cutting:
    """A proxy before a port of this machine.

    Each of ``cuts`` cuts one connection, once so many bytes have gone to the server through it;
    a connection that brings fewer uses none of them up. Afterwards nothing is cut any more.
    ``done`` counts the cuts, ``passed`` the bytes that the server was sent.
    """

    def __init__(self, port: int, cuts: Sequence[int]) -> None:
        """Listen on a free port."""
        self._target = port
        self._cuts = list(cuts)
        self.done = 0
        self.passed = 0
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def run(self) -> None:
        """Pass connections on until ``close``."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                self._open += [client, server]
                thread = threading.Thread(target=self._connect, args=(client, server))
                self._threads.append(thread)
                thread.start()

    def close(self) -> None:
        """Let go of everything."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _connect(self, client: socket.socket, server: socket.socket) -> None:
        down = threading.Thread(target=self._down, args=(client, server))
        down.start()
        cut = self._up(client, server)
        if cut:
            for each in (client, server):
                # Now an end, now a reset, as networks do.
                if self.done % 2:
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        down.join()
        client.close()
        server.close()

    def _up(self, client: socket.socket, server: socket.socket) -> bool:
        """Pass on what the client sends; return whether it was cut off."""
        passed = 0
        with suppress(OSError):
            while piece := client.recv(PIECE_BYTES):
                with self._lock:
                    cut = bool(self._cuts) and passed + len(piece) > self._cuts[0]
                    if cut:
                        piece = piece[: max(0, self._cuts.pop(0) - passed)]
                        self.done += 1
                server.sendall(piece)
                passed += len(piece)
                self.passed += len(piece)
                if cut:
                    return True
            server.shutdown(socket.SHUT_WR)
        return False

    def _down(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on what the server answers."""
        with suppress(OSError):
            while piece := server.recv(PIECE_BYTES):
                client.sendall(piece)
            client.shutdown(socket.SHUT_WR)


@contextmanager
def cutting(port: int, *cuts: int) -> Iterator[Cutting]:
    """Run a network before ``port`` that breaks at each of ``cuts``."""
    network = Cutting(port, cuts)
    thread = threading.Thread(target=network.run)
    thread.start()
    try:
        yield network
    finally:
        network.close()
        thread.join()
