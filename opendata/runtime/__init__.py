"""The running platform: what one process holds, made from the settings alone."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from opendata.domain.contracts import Contract
from opendata.domain.editions import local_day
from opendata.settings import Settings
from opendata.storage.db import Database
from opendata.storage.engines.duckdb import DuckDB
from opendata.storage.home import Home
from opendata.storage.lake import Lake
from opendata.storage.migrations import upgrade
from opendata.storage.vault import Vault
from opendata.tabular.contract import load_all, packaged_schemas

SECRET_BYTES = 32


def utc_now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)


class NotInitialised(RuntimeError):
    """The home has not been set up; ``opendata init`` does it."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything a request or a command may need."""

    settings: Settings
    home: Home
    contracts: Mapping[str, Contract]
    now: Callable[[], datetime] = utc_now

    @classmethod
    def of(cls, settings: Settings, now: Callable[[], datetime] = utc_now) -> "Runtime":
        """Open the home that ``settings`` name; it must have been initialised.

        Raises:
            NotInitialised: there is no secret in the home yet.
            UnusableContract: a contract cannot be enforced exactly.
        """
        if not settings.secret_file.exists():
            message = f"{settings.home} is not initialised; run: opendata init"
            raise NotInitialised(message)
        database = Database(settings.database_url)
        catalogue_uri = database.url.render_as_string(hide_password=False)
        home = Home(
            database=database,
            vault=Vault(settings.vault),
            lake=Lake(catalogue_uri, settings.lake),
            engine=DuckDB(),
            secret=bytes.fromhex(settings.secret_file.read_text().strip()),
            scratch=settings.scratch,
        )
        roots = [packaged_schemas(), *([settings.schemas] if settings.schemas else [])]
        return cls(settings, home, load_all(*roots), now)

    def today(self) -> date:
        """Return the civil date in China."""
        return local_day(self.now())


def initialise(settings: Settings) -> None:
    """Set up the home: folders, the secret, the tables. Doing it again changes nothing."""
    settings.home.mkdir(parents=True, exist_ok=True)
    settings.scratch.mkdir(exist_ok=True)
    if not settings.secret_file.exists():
        fresh = settings.secret_file.with_name(f"secret.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(SECRET_BYTES) + "\n")
        # Two first starts at once: the one whose link succeeds decides for both.
        try:
            os.link(fresh, settings.secret_file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    Vault(settings.vault)
    settings.lake.mkdir(exist_ok=True)
    database = Database(settings.database_url)
    upgrade(database)
    # Nothing may stay open: a server forks its processes after this.
    database.engine.dispose()
