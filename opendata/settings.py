"""What an operator may set: environment variables ``OPENDATA_*``, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


class BadSetting(ValueError):
    """An environment variable has a value that cannot be used; the message says which."""


class NotInitialised(RuntimeError):
    """The home has not been set up; ``opendata init`` does it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process, and the variables they are read from.

    ``OPENDATA_HOME`` (``./var``) holds everything the embedded default writes;
    ``OPENDATA_DATABASE_URL`` (SQLite in the home) an SQLAlchemy URL;
    ``OPENDATA_SCHEMAS`` an operator's own folder of contracts;
    ``OPENDATA_RULES`` a file of regional holidays and of terms shorter than the law's;
    ``OPENDATA_ASSESSMENTS`` an operator's own folder of assessment schemes;
    ``OPENDATA_DATASETS`` the folder of the demo's packages;
    ``OPENDATA_PUBLIC_URL`` the address that links in answers start with;
    ``OPENDATA_DEMO`` ``1`` to publish the demo's packages at start;
    ``OPENDATA_MAX_UPLOAD_BYTES`` the largest file taken (1 GiB);
    ``OPENDATA_JUDGE_MEMORY_BYTES`` what judging one file may take of memory (4 GiB);
    ``OPENDATA_TRUSTED_PROXIES`` how many proxies in front may name the client's address (0);
    ``OPENDATA_READ_LIMIT`` requests a minute from one address, shared among the web processes
    (12000, with the demo 0; 0 lifts all limits on reading);
    ``OPENDATA_KEY_READ_LIMIT`` the same for one key (60000);
    ``OPENDATA_WRITE_LIMIT`` requests a minute by which one person may change anything (600);
    ``OPENDATA_KEY_ATTEMPT_LIMIT`` keys a minute from one address that do not count (20);
    ``OPENDATA_CORRECTION_LIMIT`` faults, and breaches, an hour that one address may report (10);
    ``OPENDATA_REQUEST_LIMIT`` requests for information an hour that one address may file (10);
    ``OPENDATA_WEB_WORKERS`` and ``OPENDATA_WEB_THREADS`` the size of the web server (2 × 4).
    """

    home: Path
    database_url: str
    schemas: Path | None = None
    rules: Path | None = None
    assessments: Path | None = None
    datasets: Path | None = None
    public_url: str | None = None
    demo: bool = False
    max_upload_bytes: int = 1024 * MIB
    judge_memory_bytes: int = 4096 * MIB
    trusted_proxies: int = 0
    read_limit: int = 12_000
    key_read_limit: int = 60_000
    write_limit: int = 600
    key_attempt_limit: int = 20
    correction_limit: int = 10
    request_limit: int = 10
    web_workers: int = 2
    web_threads: int = 4

    @property
    def vault(self) -> Path:
        """Folder of the received bytes and release files."""
        return self.home / "vault"

    @property
    def lake(self) -> Path:
        """Folder of the Iceberg tables."""
        return self.home / "lake"

    @property
    def secret_file(self) -> Path:
        """File of the home's secret: 32 random bytes, made by ``opendata init``."""
        return self.home / "secret"

    @property
    def signing_key_file(self) -> Path:
        """File of the private key that manifests are signed with, made by ``opendata init``."""
        return self.home / "signing.pem"

    @property
    def retired_keys_file(self) -> Path:
        """File of the public keys that manifests were signed with before."""
        return self.home / "signing-retired.json"

    @property
    def exercise_file(self) -> Path:
        """File that makes the home an exercise, and says how its clock differs."""
        return self.home / "exercise.json"

    @property
    def derived(self) -> Path:
        """Folder of what is computed from other files; without it, it is computed again."""
        return self.home / "derived"

    @property
    def index(self) -> Path:
        """Folder of the serving index; without it, answers are computed from the lake."""
        return self.home / "index"

    @property
    def scratch(self) -> Path:
        """Folder for work in progress; anything in it may be lost."""
        return self.home / "scratch"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings.

        Raises:
            BadSetting: a number is not one, or is out of range.
        """
        home = Path(environment.get("OPENDATA_HOME") or "var").absolute()
        # The demo is there to be tried, also with programs that ask as fast as they can.
        demo = environment.get("OPENDATA_DEMO", "") in ("1", "true", "yes")
        database = home / "opendata.db"
        return cls(
            home=home,
            database_url=environment.get("OPENDATA_DATABASE_URL") or f"sqlite:///{database}",
            schemas=_path(environment, "OPENDATA_SCHEMAS"),
            rules=_path(environment, "OPENDATA_RULES"),
            assessments=_path(environment, "OPENDATA_ASSESSMENTS"),
            datasets=_path(environment, "OPENDATA_DATASETS"),
            public_url=(environment.get("OPENDATA_PUBLIC_URL") or "").rstrip("/") or None,
            demo=demo,
            max_upload_bytes=_number(environment, "OPENDATA_MAX_UPLOAD_BYTES", 1024 * MIB, 1),
            judge_memory_bytes=_number(
                environment, "OPENDATA_JUDGE_MEMORY_BYTES", 4096 * MIB, 256 * MIB
            ),
            trusted_proxies=_number(environment, "OPENDATA_TRUSTED_PROXIES", 0, 0),
            read_limit=_number(environment, "OPENDATA_READ_LIMIT", 0 if demo else 12_000, 0),
            key_read_limit=_number(environment, "OPENDATA_KEY_READ_LIMIT", 60_000, 0),
            write_limit=_number(environment, "OPENDATA_WRITE_LIMIT", 600, 0),
            key_attempt_limit=_number(environment, "OPENDATA_KEY_ATTEMPT_LIMIT", 20, 0),
            correction_limit=_number(environment, "OPENDATA_CORRECTION_LIMIT", 10, 0),
            request_limit=_number(environment, "OPENDATA_REQUEST_LIMIT", 10, 0),
            web_workers=_number(environment, "OPENDATA_WEB_WORKERS", 2, 1),
            web_threads=_number(environment, "OPENDATA_WEB_THREADS", 4, 1),
        )


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name)
    return Path(value).absolute() if value else None


def _number(environment: Mapping[str, str], name: str, default: int, least: int) -> int:
    value = environment.get(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < least:
        message = f"{name} is {value!r}; it must be a whole number of at least {least}."
        raise BadSetting(message)
    return int(value)
