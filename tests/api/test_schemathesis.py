"""Whatever the description allows, and whatever it does not, the API keeps to it.

Schemathesis makes requests out of ``openapi/v1.json``, valid ones and broken ones, the same at
every run, and holds the answers against it: no 500, only statuses, media types, headers and
bodies that are documented, nothing valid refused, nothing invalid taken, nothing open without
its key.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import CheckContext, load_all_checks
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from opendata.app import app_of
from opendata.domain.queries.reading import LOOKING, MAX_TEXT_FILTERS
from opendata.runtime import Runtime
from opendata.tabular.contract import load_all, packaged_schemas
from opendata.web.bodies import UPLOAD
from opendata.web.uploads.protocol import CONTENT_TYPE
from tests.api.stand_ins import with_stand_ins
from tests.chain import AGENCY, Chain, Clock, cast, work_off
from tests.platforms import BEGINNING, close, settings_of
from tests.tables import changed, csv_of, real_rows

DATASET = "budgets-2018"
EMPTY = tuple(
    f"/api/v1/{each}" for each in load_all(packaged_schemas()) if not DATASET.startswith(each)
)
# What a valid request may be told all the same: nothing there, not now, no longer, not so far.
ALL_THE_SAME = ["2xx", "304", "401", "403", "404", "409", "410", "416"]
CONFIG = ProjectConfig(
    generation=GenerationConfig(deterministic=True, allow_x00=False, max_examples=4),
    checks=ChecksConfig(
        positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=ALL_THE_SAME),
    ),
)
WRITTEN = ("text/csv", "application/json", "application/octet-stream", "multipart/form-data")
# Files of all kinds, and parts of them, are bytes like any.
schemathesis.serializer.alias(
    [CONTENT_TYPE, *(each for each in UPLOAD["content"] if each not in WRITTEN)],
    "application/octet-stream",
)
# A request of another version of tus is told 412; so is one that names none.
for each in (CONFIG.checks.negative_data_rejection, CONFIG.checks.missing_required_header):
    each.expected_statuses = [*each.expected_statuses, "412"]


class Door:
    """The application under test, named before there is one.

    It reads and closes every answer, as a server does and the generator's client does not; and
    it asks for none that is packed, which that client would not unpack.
    """

    app: Flask

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """Answer a request (PEP 3333)."""
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        answer = self.app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            # What is no file has nothing to close.
            getattr(answer, "close", lambda: None)()


DOOR = Door()
API = schemathesis.openapi.from_dict(
    with_stand_ins(), config=SchemathesisConfig(projects=ProjectsConfig(default=CONFIG))
)
API.app = DOOR
the_same_each_time = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory, template_home: Path) -> Iterator[Chain]:
    """A platform with a release and with a submission in review, for any request to try."""
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("any") / "home")
    runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
    found = Chain(app_of(runtime).test_client(), cast(runtime, AGENCY), lambda: work_off(runtime))
    found.publish_rows(DATASET, "budgets", "2018", real_rows(DATASET, last=20))
    DOOR.app = found.client.application
    yield found
    close(runtime)


@pytest.fixture(scope="module")
def submission(chain: Chain) -> str:
    """A submission in review."""
    rows = changed(real_rows(DATASET, last=20), explanation="更正")
    return chain.submitted(DATASET, csv_of(rows))


def of_each(operations: BaseSchema) -> pytest.MarkDecorator:
    """Have a test run for each operation, by its name.

    Collections answer by the same views: those that have no record here are for the long run.
    """
    found = [each.ok() for each in operations.get_all_operations()]
    return pytest.mark.parametrize("operation", [_as_long_as_it_is(each) for each in found])


def _as_long_as_it_is(operation: APIOperation) -> Any:
    marks = [pytest.mark.soak] if operation.path.startswith(EMPTY) else []
    return pytest.param(operation, marks=marks, id=operation.label)


def hold(operation: APIOperation, said: Callable[[Case], None]) -> None:
    """Make requests for an operation, and let ``said`` hold the answers against the description.

    Schemathesis's own ``parametrize`` thinks of all requests while tests are looked for, which
    takes every process half a minute.
    """
    load_all_checks()
    test = build_operation_test(
        config=API.config,
        operation=operation,
        test_func=the_same_each_time(said),
        given_kwargs={},
        feedback=FeedbackSources(constants_value_source=make_constants_value_source(API)),
    )
    test()


@of_each(API)
def test_no_request_of_anybody_breaks_the_contract(
    operation: APIOperation, chain: Chain, submission: str
):
    totals = "/aggregate" in operation.path

    def said(case: Case) -> None:
        _aim(case, submission)
        case.call_and_validate(
            additional_checks=[is_named, is_understood] if totals else [is_named],
            excluded_checks=[positive_data_acceptance] if totals else [],
        )

    hold(operation, said)


@of_each(
    API.include(operation_id_regex="submi|decide|caution|correction|dataset$|suspend|report|upload")
)
@pytest.mark.parametrize("role", ["author", "reviewer"])
def test_no_request_with_a_key_breaks_the_contract(
    operation: APIOperation, chain: Chain, submission: str, role: str
):
    """A valid body may be refused here: whether names in it exist, no schema can say."""

    def said(case: Case) -> None:
        _aim(case, submission)
        writes = case.method not in ("GET", "HEAD")
        case.call_and_validate(
            headers=chain.as_(role),
            additional_checks=[is_named],
            excluded_checks=[positive_data_acceptance] if writes else [],
        )

    hold(operation, said)


def is_named(_: CheckContext, response: Response, case: Case) -> None:
    """Every status is documented by its number; ``default`` is for what nobody foresaw."""
    if case.method.lower() != case.operation.method:  # no operation, and so not described
        return
    assert str(response.status_code) in case.operation.definition.raw["responses"]


def is_understood(_: CheckContext, response: Response, case: Case) -> None:
    """A valid request for totals is none too many: what may be added is for the data to say."""
    if case.meta is not None and case.meta.generation.mode.is_positive:
        assert response.status_code != 400, response.content.decode()


def _aim(case: Case, submission: str) -> None:
    """Let half of the well-formed paths lead to what there is.

    No schema says that one parameter excludes another, sorts by what another one asks for, or
    that there are too many of them.
    """
    parts = case.meta.components if case.meta else {}
    if case.meta is not None and case.meta.generation.mode.is_positive and case.query:
        if "as_of" in case.query:
            case.query.pop("release", None)
        looking = [each for each in case.query if each.endswith(tuple(f"__{op}" for op in LOOKING))]
        for each in looking[MAX_TEXT_FILTERS:]:
            case.query.pop(each)
        if "/aggregate" in case.operation.path:
            case.query.pop("sort", None)
    path = parts.get(ParameterLocation.PATH)
    steps = case.path_parameters or {}
    if path is None or path.mode.is_negative:
        return
    if len(str(steps.get("dataset", ""))) % 2:
        steps["dataset"] = DATASET
    if "submission_id" in steps and UUID(str(steps["submission_id"])).int % 2:
        steps["submission_id"] = submission
