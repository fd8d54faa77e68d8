"""``opendata serve|work|init``: the platform running on this machine."""

import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from multiprocessing.process import BaseProcess
from threading import Event
from types import FrameType

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from opendata.app import app_of
from opendata.domain.editions import CHINA
from opendata.domain.people import Role
from opendata.runtime import Runtime, demo, exercise, initialise
from opendata.runtime.isolation import compare_apart, examine_apart
from opendata.runtime.marking import MarkApart
from opendata.runtime.worker import Worker
from opendata.settings import Settings

LOOK_SECONDS = 0.1
START_SECONDS = 60
STOP_SECONDS = 25
KEEPALIVE_SECONDS = 15
SERVER_ENDED = 3
EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared with what the operator asks for.


@click.command()
@click.option("--exercise", "at", metavar="INSTANT", help="演练 An exercise that begins then.")
@click.pass_obj
def init(environment: Mapping[str, str], at: str | None) -> None:
    """Set up OPENDATA_HOME: folders, secrets, tables. Doing it again changes nothing.

    With --exercise 2025-01-02T09:00 the home is for practice: its clock begins there (Chinese
    time) and is moved by `opendata clock`, and its pages say so.
    """
    settings = Settings.from_environment(environment)
    initialise(settings, None if at is None else exercise.instant(at))
    click.echo(settings.home)


@click.command()
@click.argument("instant", required=False)
@click.pass_obj
def clock(environment: Mapping[str, str], instant: str | None) -> None:
    """Show the clock of an exercise, or move it on to INSTANT, such as 2025-04-01T09:00."""
    settings = Settings.from_environment(environment)
    found = exercise.opened(settings)
    if instant is not None:
        found.move(exercise.instant(instant))
    click.echo(found().astimezone(CHINA).isoformat(timespec="seconds"))


@click.command()
@click.pass_obj
def work(environment: Mapping[str, str]) -> None:
    """Run one worker: it validates, publishes and prepares editions."""
    _run_worker(Runtime.of(Settings.from_environment(environment)))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--demo", "with_demo", is_flag=True, help="Publish the packages of datasets/.")
@click.pass_obj
def serve(environment: Mapping[str, str], host: str, port: int, with_demo: bool) -> None:
    """Run the platform: web server and worker. OPENDATA_DEMO=0 wins over --demo."""
    wanted = dict(environment)
    wanted.setdefault("OPENDATA_DEMO", "1" if with_demo else "0")
    settings = Settings.from_environment(wanted)
    _check_free(host, port)
    initialise(settings)
    runtime = Runtime.of(settings)
    with _children(runtime, f"{host}:{port}") as children:
        stop = _stopped_by_signals()
        reachable = "127.0.0.1" if host == EVERYWHERE else host
        if _answers(f"http://{reachable}:{port}/healthz", children, stop):
            keys = _prepare_demo(runtime, stop)
            if not stop.is_set():
                _greet(f"http://{'localhost' if reachable == '127.0.0.1' else host}:{port}", keys)
        while not stop.is_set() and children[0].is_alive():
            if not children[1].is_alive():
                # A worker that was killed is replaced; the facts say what it left undone.
                click.echo("The worker ended and is started again.", err=True)
                children[1] = _start_worker()
            stop.wait(LOOK_SECONDS)
    if not stop.is_set():
        click.echo("A process of the server ended; see its messages above.", err=True)
        sys.exit(SERVER_ENDED)


def _check_free(host: str, port: int) -> None:
    """Refuse a port that somebody listens on.

    gunicorn would not: its workers share their port, and so would two servers, silently.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"不能使用 {host}:{port}：{error.strerror}。可用 --port 或 PORT 换一个端口。\n"
                f"{host}:{port} cannot be used: {error.strerror}. Choose another with --port."
            ) from error


class _Web(BaseApplication):  # type: ignore[misc]  # gunicorn has no type information.
    """gunicorn around an application that is made once, before its workers are forked."""

    def __init__(self, runtime: Runtime, bind: str) -> None:
        self._runtime = runtime
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": self._bind,
            "worker_class": "gthread",
            "workers": self._runtime.settings.web_workers,
            "threads": self._runtime.settings.web_threads,
            "preload_app": True,
            "reuse_port": True,
            "timeout": 120,
            # Browsers and proxies come back within seconds; at gunicorn's own 2 they would have
            # to connect anew for most of what a person asks.
            "keepalive": KEEPALIVE_SECONDS,
            "graceful_timeout": 15,
            # gunicorn believes SCRIPT_NAME and PATH_INFO of whoever connects from this machine,
            # and a proxy in front passes on what its clients send.
            "forwarder_headers": "",
            "loglevel": "warning",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return app_of(self._runtime, MarkApart(self._runtime.settings))


def _run_worker(runtime: Runtime) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("pyiceberg").setLevel(logging.WARNING)
    stop = _stopped_by_signals()
    apart = runtime.settings, stop
    Worker(runtime, partial(examine_apart, *apart), partial(compare_apart, *apart)).run(stop)


def _prepare_demo(runtime: Runtime, stop: Event) -> dict[Role, str]:
    if not runtime.settings.demo:
        return {}
    keys = demo.issue_keys(runtime)
    demo.publish(runtime, stop, lambda dataset: click.echo(f"  已发布 published  {dataset}"))
    return keys


def _greet(address: str, keys: Mapping[Role, str]) -> None:
    click.echo(f"\nopendata  {address}\n")
    for path, what in (
        ("/", "首页：数据类别、最新发布、检索  The front page"),
        ("/disclosure-statistics", "一类数据，作为表格  A collection as a table"),
        ("/api/docs", "接口说明与试用  The API, to read and to try"),
    ):
        click.echo(f"  {address}{path:<26}{what}")
    if keys:
        click.echo("\n演示密钥（仅限本机，每次启动重新签发） Demo keys, from this machine only:")
        for role, secret in keys.items():
            click.echo(f"  {role:<12}{secret}  {role.label.zh}")
    click.echo("\nCtrl-C 停止 stops it.")


@contextmanager
def _children(runtime: Runtime, bind: str) -> Iterator[list[BaseProcess]]:
    """Start web server and worker; stop both at the end, whatever happens.

    They are forked, so that everything is imported once; nothing that does not survive a fork
    (a connection, a thread) has been opened by then.
    """
    fork = multiprocessing.get_context("fork")
    children: list[BaseProcess] = [
        fork.Process(target=_Web(runtime, bind).run, name="web"),
        fork.Process(target=_run_worker, args=(runtime,), name="worker"),
    ]
    for child in children:
        child.start()
    try:
        yield children
    finally:
        for child in children:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            child.join(max(0.1, deadline - time.monotonic()))
            if child.is_alive():
                child.kill()
                child.join()


def _start_worker() -> BaseProcess:
    """Start a worker anew: no fork, for this process has opened connections by now."""
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=_spawned_worker, name="worker")
    child.start()
    return child


def _spawned_worker() -> None:
    _run_worker(Runtime.of(Settings.from_environment(os.environ)))


def _answers(url: str, children: list[BaseProcess], stop: Event) -> bool:
    """Wait until the web server answers; ``False`` if it ended or a signal came first."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not stop.is_set():
        if any(not child.is_alive() for child in children):
            return False
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address.
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            stop.wait(LOOK_SECONDS)
    return False


def _stopped_by_signals() -> Event:
    """Return an event that SIGINT and SIGTERM set."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    return stop
