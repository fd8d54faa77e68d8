"""Persons whose process dies while they take a release down: at a step that a test names."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from opendata.domain.people import Actor, Role
from opendata.domain.takedowns import Kind
from opendata.runtime import Runtime
from opendata.runtime.priority import background
from opendata.settings import Settings
from opendata.stages import access, takedowns
from opendata.storage import audit
from tests.chain import Clock
from tests.dying import DIED

# What was done when the process ends: the fact alone, its line in the log too, or all of it.
STEPS = ("said", "logged", "committed")
# Who says it, and what.
Saying = tuple[UUID, Role, Kind]


def say_until(runtime: Runtime, saying: Saying, release: tuple[str, int], step: str) -> int | None:
    """Let a person of any agency speak in another process; return the status it ended with."""
    context = background()
    given = (runtime.settings, runtime.now(), saying, release, step)
    clerk = context.Process(target=_say, args=given)
    clerk.start()
    clerk.join(120)
    return clerk.exitcode


def _say(
    settings: Settings, moment: datetime, saying: Saying, release: tuple[str, int], step: str
) -> None:
    runtime = Runtime.of(settings, Clock(moment))
    person, role, kind = saying
    with runtime.home.database.begin() as session:
        terms = access.KeyTerms(role, "*")
        actor = access.session_key(session, person, terms, runtime.now())
    _speak(runtime, actor, (kind, release), step)
    os._exit(0)


def _speak(runtime: Runtime, actor: Actor, what: tuple[Kind, tuple[str, int]], step: str) -> None:
    """Say it as the web does, and die at the step."""
    kind, release = what
    said = takedowns.Said(kind, "某机关", "某原因", "某条")
    audit.append = _dying(audit.append, step)
    with runtime.home.database.begin() as session:
        takedowns.say(session, actor, release, said, runtime.now())
    if step == "committed":
        os._exit(DIED)


def _dying(append: Callable[..., int], step: str) -> Callable[..., int]:
    def dying(*given: Any) -> int:
        if step == "said":
            os._exit(DIED)
        seq = append(*given)
        if step == "logged":
            os._exit(DIED)
        return seq

    return dying
