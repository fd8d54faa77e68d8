"""The running platform: what one process holds, made from the settings alone."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.domain.editions import local_day
from opendata.runtime import exercise
from opendata.settings import NotInitialised, Settings
from opendata.stages.declare import declare
from opendata.stages.rules import Rules, load_rules
from opendata.stages.schemes import Declared, declared_in
from opendata.storage.db import Database
from opendata.storage.derived import Derived
from opendata.storage.engines.duckdb import DuckDB
from opendata.storage.files import sync
from opendata.storage.home import Home
from opendata.storage.index.serving import Index
from opendata.storage.keys import RecordKeys
from opendata.storage.lake import Lake
from opendata.storage.migrations import upgrade
from opendata.storage.signing import Signer, make_key
from opendata.storage.vault import Vault
from opendata.tabular.contract import load_all, packaged_schemas

SECRET_BYTES = 32


def utc_now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything a request or a command may need."""

    settings: Settings
    home: Home
    contracts: Mapping[str, Contract]
    now: Callable[[], datetime] = utc_now
    rules: Rules = field(default_factory=Rules)

    @classmethod
    def of(cls, settings: Settings, now: Callable[[], datetime] | None = None) -> "Runtime":
        """Load the contracts and open the home that ``settings`` name; see ``around``.

        The clock is ``now``, or an exercise's own where the home is one, or the machine's.

        Raises:
            NotInitialised: there is no secret in the home yet.
            UnusableContract: a contract cannot be enforced exactly.
            UnusableScheme: a scheme of assessment cannot be used.
        """
        declared_in(settings.assessments)
        roots = [packaged_schemas(), *([settings.schemas] if settings.schemas else [])]
        clock = now or exercise.clock_of(settings.exercise_file) or utc_now
        return cls.around(settings, load_all(*roots), clock)

    @classmethod
    def around(
        cls,
        settings: Settings,
        contracts: Mapping[str, Contract],
        now: Callable[[], datetime] = utc_now,
    ) -> "Runtime":
        """Open the home that ``settings`` name, with ``contracts`` loaded before.

        What they say of personal data is recorded where it changed: older releases are judged by
        it.

        Raises:
            NotInitialised: there is no secret in the home yet.
            UnusableRules: the operator's file of rules cannot be used.
        """
        rules = load_rules(settings.rules)
        secret = _read_secret(settings.secret_file)
        database = Database(settings.database_url)
        catalogue_uri = database.url.render_as_string(hide_password=False)
        vault = Vault(settings.vault)
        home = Home(
            database=database,
            vault=vault,
            lake=Lake(catalogue_uri, settings.lake),
            engine=DuckDB(settings.scratch),
            secret=secret,
            scratch=settings.scratch,
            derived=Derived(settings.derived),
            index=Index(settings.index, vault),
            keys=RecordKeys(settings.derived / "keys"),
            signer=Signer(settings.signing_key_file, settings.retired_keys_file),
        )
        declare(database, vault, contracts.values(), now)
        # Nothing may stay open: a server forks its processes after this.
        database.engine.dispose()
        return cls(settings, home, contracts, now, rules)

    @property
    def schemes(self) -> Mapping[str, Declared]:
        """The schemes by which agencies may be assessed, by id."""
        return declared_in(self.settings.assessments)

    @property
    def is_exercise(self) -> bool:
        """Whether this is an exercise: nothing in it was ever really published."""
        return self.settings.exercise_file.exists()

    def today(self) -> date:
        """Return the civil date in China."""
        return local_day(self.now())


def initialise(settings: Settings, exercise_at: datetime | None = None) -> None:
    """Set up the home: folders, the secret, the key, the tables; again, it changes nothing.

    The home holds what is not public; only its owner may look into it. With ``exercise_at`` it
    becomes an exercise whose clock begins there.

    Raises:
        NoExercise: it is to become an exercise, and is a home already.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if exercise_at is not None:
        exercise.begin(settings, exercise_at)
    settings.scratch.mkdir(exist_ok=True)
    if not settings.secret_file.exists():
        _make_secret(settings.secret_file)
    make_key(settings.signing_key_file)
    Vault(settings.vault)
    settings.lake.mkdir(exist_ok=True)
    database = Database(settings.database_url)
    upgrade(database)
    # Nothing may stay open: a server forks its processes after this.
    database.engine.dispose()


def _make_secret(path: Path) -> None:
    fresh = path.with_name(f"secret.{os.getpid()}")
    fresh.touch(mode=0o600)
    with fresh.open("w") as file:
        file.write(secrets.token_hex(SECRET_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        # Two first starts at once: the one whose link succeeded decided for both.
        return
    finally:
        fresh.unlink()
    sync(path.parent)


def _read_secret(path: Path) -> bytes:
    """Return the home's secret.

    Raises:
        NotInitialised: there is none, or the file is damaged: a new one would make every cursor
            void and change the identifiers of records whose key is personal.
    """
    if not path.exists():
        message = f"{path.parent} is not initialised; run: opendata init"
        raise NotInitialised(message)
    text = path.read_text().strip()
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        message = f"{path} is damaged: put it back from a backup."
        raise NotInitialised(message)
    return secret
