"""Watching the facts: what decides what readers are shown, read again only after a commit."""

import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import Engine, event

# One statement, so that what it finds was true at one moment.
_STATE = (
    "SELECT 'pointer', collection, snapshot_id FROM pointer "
    "UNION ALL SELECT 'takedown', '', count(*) FROM takedown "
    "UNION ALL SELECT 'correction', '', coalesce(max(audit_seq), 0) FROM correction_word "
    "UNION ALL SELECT 'declaration', '', count(*) FROM declaration "
    "UNION ALL SELECT 'audit', '', coalesce(max(seq), 0) FROM audit"
)
_SERIAL = count(1)


@dataclass(frozen=True, slots=True)
class State:
    """What the facts say, in so far as readers could be shown something else by a change.

    Facts are only ever added, a release in the transaction that moves its collection's pointer,
    and every fact with a line of the audit log: ``recorded`` is the last line's number, and
    ``corrections`` that of the last word on what the public reported; ``declarations`` counts
    what contracts declared of personal data. ``serial`` tells the states of different databases
    apart.
    """

    serial: int
    pointers: Mapping[str, int]
    takedowns: int
    corrections: int
    declarations: int
    recorded: int

    def of(self, collection: str) -> tuple[int, int | None, int, int, int]:
        """Return what decides how one collection looks; it never takes on an old value again."""
        said = (self.takedowns, self.corrections, self.declarations)
        return self.serial, self.pointers.get(collection), *said

    def of_everything(self) -> tuple[int, int]:
        """Return what decides about anything that is derived from facts alone."""
        return self.serial, self.recorded


class Watch:
    """Tells the state of the facts for next to nothing where nothing was committed.

    SQLite says whether any other connection has committed (``PRAGMA data_version``, a few
    microseconds); elsewhere the state is asked for each time. Every thread looks through a
    connection of its own, on which nothing is ever written and no transaction stays open: what
    was committed before ``state`` is called is in what it returns.
    """

    def __init__(self, engine: Engine) -> None:
        """Prepare; a thread's connection is made when it first looks."""
        self._engine = engine
        self._is_versioned = engine.dialect.name == "sqlite"
        self._failures: tuple[type[BaseException], ...] = (engine.dialect.loaded_dbapi.Error,)
        self._serial = next(_SERIAL)
        self._eyes: weakref.WeakSet[_Eye] = weakref.WeakSet()
        self._local = threading.local()
        event.listen(engine, "engine_disposed", self._close)

    def state(self) -> State:
        """Return the state of the facts at this moment, or later."""
        try:
            return self._look()
        except self._failures:
            # The server may have been restarted since: the connection is made anew, once.
            self._close_own()
            return self._look()

    def _look(self) -> State:
        eye = getattr(self._local, "eye", None) or self._open()
        if not self._is_versioned:
            return self._read(eye)
        # The version comes first: a commit after it makes the next look read again.
        version = eye.connection.execute("PRAGMA data_version").fetchone()
        if eye.state is None or eye.version != version:
            eye.state = self._read(eye)
            eye.version = version
        return eye.state

    def _read(self, eye: "_Eye") -> State:
        pointers: dict[str, int] = {}
        numbers: dict[str, int] = {}
        for kind, collection, number in eye.connection.execute(_STATE).fetchall():
            (pointers if collection else numbers)[collection or kind] = number
        return State(
            self._serial,
            pointers,
            numbers["takedown"],
            numbers["correction"],
            numbers["declaration"],
            numbers["audit"],
        )

    def _open(self) -> "_Eye":
        pooled = self._engine.raw_connection()
        pooled.detach()
        connection: Any = pooled.dbapi_connection
        if not self._is_versioned:
            connection.autocommit = True
        eye = self._local.eye = _Eye(connection)
        self._eyes.add(eye)
        return eye

    def _close_own(self) -> None:
        eye = self._local.__dict__.pop("eye", None)
        if eye is not None:
            eye.close()

    def _close(self, _engine: Engine) -> None:
        self._local = threading.local()
        for eye in list(self._eyes):
            eye.close()


@dataclass(eq=False)
class _Eye:
    """One thread's connection, closed when the thread ends, and what it saw last."""

    connection: Any
    version: int | None = None
    state: State | None = None
    close: Any = field(init=False)

    def __post_init__(self) -> None:
        self.close = weakref.finalize(self, self.connection.close)
