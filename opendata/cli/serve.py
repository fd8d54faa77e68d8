"""``opendata serve|work|init``: the platform running on this machine."""

import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event
from types import FrameType

import click
from flask import Flask

from opendata.app import create_app
from opendata.domain.people import Role
from opendata.runtime import Runtime, demo, initialise
from opendata.runtime.worker import Worker
from opendata.settings import Settings

LOOK_SECONDS = 0.1
START_SECONDS = 60
STOP_SECONDS = 25
SERVER_ENDED = 3


def application() -> Flask:
    """Return what gunicorn serves, set up by the environment of this process."""
    return create_app(Settings.from_environment(os.environ))


@click.command()
@click.pass_obj
def init(environment: Mapping[str, str]) -> None:
    """Set up OPENDATA_HOME: folders, secret, tables. Doing it again changes nothing."""
    settings = Settings.from_environment(environment)
    initialise(settings)
    click.echo(settings.home)


@click.command()
@click.pass_obj
def work(environment: Mapping[str, str]) -> None:
    """Run one worker: it validates, publishes and prepares editions."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    runtime = Runtime.of(Settings.from_environment(environment))
    Worker(runtime).run(_stopped_by_signals())


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
    initialise(settings)
    stop = _stopped_by_signals()
    with _children(wanted, host, port) as children:
        address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"  # noqa: S104 - compared, not bound.
        if _answers(f"http://{_reachable(host)}:{port}/healthz", children, stop):
            keys = _prepare_demo(settings, stop)
            if not stop.is_set():
                _greet(address, keys)
        while not stop.is_set() and all(child.poll() is None for child in children):
            stop.wait(LOOK_SECONDS)
    if not stop.is_set():
        click.echo("A process of the server ended; see its messages above.", err=True)
        sys.exit(SERVER_ENDED)


def _prepare_demo(settings: Settings, stop: Event) -> dict[Role, str]:
    if not settings.demo:
        return {}
    runtime = Runtime.of(settings)
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
def _children(
    environment: Mapping[str, str], host: str, port: int
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start web server and worker; stop both at the end, whatever happens."""
    settings = Settings.from_environment(environment)
    web = [
        sys.executable, "-m", "gunicorn", "opendata.cli.serve:application()",
        "--bind", f"{host}:{port}", "--worker-class", "gthread",
        "--workers", str(settings.web_workers), "--threads", str(settings.web_threads),
        "--reuse-port", "--timeout", "120", "--graceful-timeout", "15", "--log-level", "warning",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "opendata", "work"]
    children = [
        subprocess.Popen(command, env=dict(environment), start_new_session=True)  # noqa: S603 - ours.
        for command in (web, worker)
    ]
    try:
        yield children
    finally:
        for child in children:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            if child.poll() is None:
                child.kill()


def _answers(url: str, children: list[subprocess.Popen[bytes]], stop: Event) -> bool:
    """Wait until the web server answers; ``False`` if it ended or a signal came first."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not stop.is_set():
        if any(child.poll() is not None for child in children):
            return False
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address.
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            stop.wait(LOOK_SECONDS)
    return False


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound.


def _stopped_by_signals() -> Event:
    """Return an event that SIGINT and SIGTERM set."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    return stop
