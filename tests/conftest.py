"""A platform to try things on: real databases, real files, a clock that tests set.

``platform`` is parametrised: a test that asks for it, directly or through ``client`` or
``chain``, runs on SQLite and again on PostgreSQL. Where the database makes no difference, mark
the module or test with ``tests.platforms.on_sqlite``; where nothing is written, use ``library``,
which is published once for the whole run.
"""

import gc
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from opendata.app import app_of
from opendata.domain.contracts import Contract
from opendata.runtime import Runtime, initialise
from opendata.settings import MIB
from opendata.storage.db import Database
from opendata.storage.migrations import upgrade
from opendata.tabular.contract import load_all, packaged_schemas
from tests.chain import AGENCY, OTHER, Cast, Chain, Clock, Keys, cast, work_off
from tests.live import Server, serving
from tests.platforms import BEGINNING, close, settings_of
from tests.tables import real_rows

SERIAL = count(1)
ANSWERS: WeakSet[TestResponse] = WeakSet()


class Reader(FlaskClient):
    """A client whose answers are closed when the test ends, as a server closes its own."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask, and remember the answer."""
        answer = super().open(*args, **kwargs)
        ANSWERS.add(answer)
        return answer


def pytest_collection_finish() -> None:
    """Have the collector look for garbage less often, and not in what stays until the end.

    Modules and tests are half a million objects; it took a tenth of the time to go through them.
    """
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def pytest_unconfigure() -> None:
    """Let libraries find at the end that nothing of theirs is left over."""
    gc.unfreeze()


@pytest.fixture
def clock() -> Clock:
    """The platform's clock: 2 March 2026, ten in the morning in China."""
    return Clock(BEGINNING)


@pytest.fixture(scope="session")
def template_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An initialised, empty home on SQLite; migrated once, copied by every test."""
    home = tmp_path_factory.mktemp("template") / "home"
    initialise(settings_of(home))
    return home


@pytest.fixture(scope="session")
def contracts() -> Mapping[str, Contract]:
    """The contracts that ship; loaded once."""
    return load_all(packaged_schemas())


@pytest.fixture(scope="session")
def web(template_home: Path, contracts: Mapping[str, Contract]) -> Iterator[Flask]:
    """A web process, described and routed once; every test has it talk to its own platform."""
    runtime = Runtime.around(settings_of(template_home), contracts)
    app = app_of(runtime)
    app.test_client_class = Reader
    yield app
    close(runtime)


@pytest.fixture(scope="session")
def template_database(postgres_engine: Engine) -> str:
    """Name of a migrated, empty PostgreSQL database; every test's is a copy of it."""
    name = f"template_{os.getpid()}"
    with postgres_engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = Database(_url(postgres_engine, name))
    upgrade(database)
    database.engine.dispose()
    return name


@pytest.fixture
def postgres_copy(postgres_engine: Engine, template_database: str) -> Iterator[str]:
    """URL of a migrated PostgreSQL database that is this test's alone."""
    name = f"platform_{os.getpid()}_{next(SERIAL)}"
    with postgres_engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template_database}"))
        yield _url(postgres_engine, name)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def platform(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    template_home: Path,
    contracts: Mapping[str, Contract],
    clock: Clock,
) -> Iterator[Runtime]:
    """A platform of this test's own: nobody and nothing in it yet."""
    home = shutil.copytree(template_home, tmp_path / "home")
    url = request.getfixturevalue("postgres_copy") if request.param == "postgresql" else None
    runtime = Runtime.around(settings_of(home, url), contracts, clock)
    yield runtime
    close(runtime)


@pytest.fixture(autouse=True)
def _answers_closed() -> Iterator[None]:
    """Close what a test got and did not read to the end, before the collector finds it open."""
    yield
    for each in list(ANSWERS):
        each.close()


@pytest.fixture
def app(web: Flask, platform: Runtime) -> Flask:
    """The web process around the platform."""
    web.extensions["opendata"] = platform
    return web


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """What sends requests to the platform."""
    return app.test_client()


@pytest.fixture
def people(platform: Runtime) -> Cast:
    """An agency with one person and one key for each role."""
    return cast(platform, AGENCY)


@pytest.fixture
def others(platform: Runtime) -> Cast:
    """Another agency with its own persons and keys."""
    return cast(platform, OTHER)


@pytest.fixture
def keys(people: Cast) -> Keys:
    """The agency's keys by role."""
    return people.keys


@pytest.fixture
def work(platform: Runtime) -> Callable[[], None]:
    """Let a worker do everything there is to do."""
    return lambda: work_off(platform)


@pytest.fixture
def chain(client: FlaskClient, people: Cast, work: Callable[[], None]) -> Chain:
    """The agency's way through the chain, over HTTP."""
    return Chain(client, people, work)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, template_home: Path) -> Iterator[Chain]:
    """A platform with something of every collection, published once; for reading only.

    Its clock stands on 2 March 2026; of the penalties some windows have ended and some end
    later. ``runtime_of(library.client)`` is the platform itself.
    """
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("library") / "home")
    runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
    chain = Chain(app_of(runtime).test_client(), cast(runtime, AGENCY), lambda: work_off(runtime))
    for year in ("2016", "2017", "2018"):
        chain.publish_rows(f"budgets-{year}", "budgets", year, real_rows(f"budgets-{year}"))
    statistics = real_rows("disclosure-statistics-2018")
    chain.publish_rows("statistics-2018", "disclosure-statistics", "2018", statistics)
    projects = real_rows("project-approvals-transcribed")
    chain.publish_rows("projects", "project-approvals", "rolling", projects)
    penalties = real_rows("administrative-penalties-sample", -160)
    chain.publish_rows("penalties", "administrative-penalties", "rolling", penalties)
    yield chain
    close(runtime)


@pytest.fixture(scope="session")
def address(library: Chain) -> Iterator[str]:
    """Where the platform of ``library`` answers over a real socket."""
    server = make_server("127.0.0.1", 0, library.client.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def _url(engine: Engine, name: str) -> str:
    return engine.url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, template_home: Path) -> Iterator[Server]:
    """A platform served by gunicorn on a free port, with a worker; files up to 32 MiB."""
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("served") / "home")
    limit = str(32 * MIB)
    with serving(home, OPENDATA_MAX_UPLOAD_BYTES=limit, OPENDATA_WEB_WORKERS="1") as served:
        yield served


@pytest.fixture(scope="session")
def served_people(server: Server) -> Cast:
    """The agency, its persons and their keys on the served platform."""
    runtime = Runtime.of(settings_of(server.home))
    try:
        return cast(runtime, AGENCY)
    finally:
        close(runtime)
