"""Who may do what: every protected address, every role, the own agency and another."""

import re
import shutil
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from types import CodeType, FunctionType, MethodType, ModuleType
from uuid import UUID

import pytest

from opendata.app import app_of
from opendata.domain.people import Role
from opendata.runtime import Runtime
from opendata.stages import access
from opendata.web.access import reader
from tests.api.duties import duty
from tests.chain import AGENCY, OTHER, WIDE, Chain, Clock, cast, sign, work_off
from tests.platforms import BEGINNING, close, on_sqlite, settings_of
from tests.tables import changed, csv_of, real_rows
from tests.tus import VERSION, metadata

AUTHOR, REVIEWER, APPROVER, SUPERVISOR, ADMIN = Role
DECIDERS = {REVIEWER, APPROVER, SUPERVISOR}
HANDLERS = {AUTHOR, REVIEWER, APPROVER}
EVERYBODY = set(Role)
TAKING_PART = DECIDERS
LOOKING = EVERYBODY - {ADMIN}


@dataclass(frozen=True)
class Door:
    """One protected address: to which roles it opens, and whether only to the own agency."""

    method: str
    path: str
    endpoint: str
    opens_to: set[Role]
    own_agency_only: bool = True
    headers: tuple[tuple[str, str], ...] = ()


TUS = tuple(VERSION.items())
# An upload is its author's alone: to anybody else there is none.
DOORS = [
    Door("POST", "datasets", "datasets.register", {AUTHOR, ADMIN}),
    Door("PATCH", "datasets/{dataset}", "datasets.amend", {AUTHOR, ADMIN}),
    Door("POST", "datasets/{dataset}/submissions", "submissions.submit", {AUTHOR}),
    Door("GET", "submissions", "submissions.listed", EVERYBODY, own_agency_only=False),
    Door("GET", "submissions/{submission}", "submissions.one", EVERYBODY),
    Door("GET", "submissions/{submission}/report", "submissions.report", LOOKING),
    Door("GET", "submissions/{submission}/report.json", "submissions.report_as_json", LOOKING),
    Door("GET", "submissions/{submission}/report.html", "submissions.report_as_page", LOOKING),
    Door("GET", "submissions/{submission}/report.xlsx", "submissions.report_as_workbook", LOOKING),
    Door("GET", "submissions/{submission}/diff", "submissions.submission_diff", LOOKING),
    Door(
        "GET",
        "submissions/{submission}/diff.ndjson",
        "submissions.submission_diff_lines",
        LOOKING,
    ),
    Door("POST", "submissions/{submission}/decisions", "submissions.decide", DECIDERS),
    Door(
        "POST",
        "submissions/{submission}/caution-answers",
        "submissions.answer_cautions",
        {AUTHOR, REVIEWER},
    ),
    Door("POST", "submissions/{submission}/cancellation", "submissions.cancel", {AUTHOR}),
    Door("GET", "submissions/{submission}/dossier", "submissions.read_dossier", DECIDERS),
    Door("POST", "submissions/{submission}/consents", "submissions.consent", {REVIEWER, APPROVER}),
    Door("GET", "overdue-consents", "submissions.overdue", WIDE, own_agency_only=False),
    Door("GET", "datasets/{dataset}/releases/1/responsibility", "responsibility.one", WIDE),
    Door("POST", "submissions/{submission}/clearance", "submissions.clear_marking", {SUPERVISOR}),
    Door("POST", "submissions/{submission}/erasure", "submissions.erase", {SUPERVISOR, ADMIN}),
    Door(
        "POST",
        "uploads",
        "uploads.announce",
        {AUTHOR},
        headers=(*TUS, ("Upload-Length", "1"), ("Upload-Metadata", metadata(dataset="d"))),
    ),
    Door("GET", f"uploads/{UUID(int=1)}", "uploads.one", {AUTHOR}, own_agency_only=False),
    Door(
        "PATCH",
        f"uploads/{UUID(int=1)}",
        "uploads.append",
        {AUTHOR},
        own_agency_only=False,
        headers=TUS,
    ),
    Door(
        "DELETE",
        f"uploads/{UUID(int=1)}",
        "uploads.terminate",
        {AUTHOR},
        own_agency_only=False,
        headers=TUS,
    ),
    Door(
        "POST",
        "datasets/{dataset}/releases/1/suspension",
        "takedowns.suspend",
        DECIDERS | {ADMIN},
    ),
    Door("POST", "datasets/{dataset}/releases/1/lifting", "takedowns.lift", DECIDERS),
    Door("POST", "datasets/{dataset}/releases/1/withdrawal", "takedowns.withdraw", DECIDERS),
    Door("GET", "suspensions", "takedowns.waiting", WIDE, own_agency_only=False),
    Door("GET", "keys/current", "keys.current", EVERYBODY, own_agency_only=False),
    Door("POST", "keys/current/rotation", "keys.rotate", EVERYBODY, own_agency_only=False),
    Door("GET", "corrections", "corrections.listed", EVERYBODY, own_agency_only=False),
    Door("GET", "corrections/{correction}", "corrections.one", EVERYBODY),
    Door("POST", "corrections/{correction}/words", "corrections.say", {REVIEWER, APPROVER}),
    Door("POST", "corrections/{correction}/erasure", "corrections.erase", WIDE),
    Door("POST", "obligations/{obligation}/occasions", "compliance.record", {REVIEWER, APPROVER}),
    Door("POST", "obligations/{obligation}/fulfilments", "compliance.fulfil", {REVIEWER, APPROVER}),
    Door("GET", "requests", "requests.list_requests", EVERYBODY, own_agency_only=False),
    Door(
        "GET",
        "requests.json",
        "requests.list_requests_as_json",
        EVERYBODY,
        own_agency_only=False,
    ),
    Door("GET", "requests.csv", "requests.export_requests", EVERYBODY, own_agency_only=False),
    Door("POST", "agencies/{agency}/requests", "requests.register", HANDLERS),
    Door("POST", "requests/ledger?agency={agency}", "requests.import_ledger", {AUTHOR, APPROVER}),
    Door("GET", "requests/{request}", "requests.one", EVERYBODY),
    Door("POST", "requests/{request}/events", "requests.record", HANDLERS),
    Door("POST", "requests/{request}/erasure", "requests.erase", WIDE),
    *(
        Door("GET", f"complaints{suffix}", f"complaints.{name}", TAKING_PART, own_agency_only=False)
        for suffix, name in (
            ("", "list_complaints"),
            (".json", "list_complaints_as_json"),
            (".csv", "export_complaints"),
        )
    ),
    *(
        Door("POST", f"annual-reports/{{agency}}/2025/{path}", f"annual_reports.{name}", {AUTHOR})
        for path, name in (
            ("figures", "declare"),
            ("sections", "write"),
            ("submission", "submission"),
        )
    ),
    Door("POST", "assessments", "assessments.create", {SUPERVISOR}),
    Door("POST", "assessments/{assessment}/words", "assessments.say", {APPROVER, SUPERVISOR}),
    # To a key of another agency, and to the body that was not asked yet, there is no case.
    *(
        Door(method, f"complaints/{path}", f"complaints.{name}", roles, own_agency_only=False)
        for method, path, name, roles in (
            ("POST", "clues", "register", {SUPERVISOR}),
            ("GET", "{complaint}", "one", TAKING_PART),
            ("GET", "{complaint}/reporter", "reporter", {SUPERVISOR}),
            ("POST", "{complaint}/events", "record", TAKING_PART),
            ("POST", "{complaint}/erasure", "erase", WIDE),
        )
    ),
]
# To whom an agency lies open: whoever has a key of it, or of all.
OF_AGENCY = {(role, "own") for role in Role} | {(role, "other") for role in WIDE}


@dataclass(frozen=True)
class Window:
    """An address that is opened to everybody, and shows some more to who sends a fitting key.

    To others it answers ``closed``; where that is 200, what they are shown lacks ``shows``.
    """

    path: str
    endpoint: str
    shows_to: set[tuple[Role, str]]
    closed: int = 404
    shows: str = ""


# Who only runs the platform reads no draft of a report.
_OF_REPORT = {(role, side) for role, side in OF_AGENCY if role is not ADMIN}
_UNSEALING = {(role, side) for role in WIDE for side in ("own", "other")}
WINDOWS = [
    *(
        Window(f"annual-reports/{{agency}}/2025{path}", f"annual_reports.{name}", _OF_REPORT)
        for path, name in (
            ("", "one"),
            (".html", "as_page"),
            (".docx", "as_document"),
            (".csv", "as_table"),
            ("/cells/3/1/C1", "trace"),
        )
    ),
    Window("assessments/{assessment}", "assessments.one", OF_AGENCY),
    Window("assessments/{assessment}/scheme.toml", "assessments.scheme_text", OF_AGENCY),
    *(
        Window(f"assessments{suffix}", f"assessments.{name}", OF_AGENCY, 200, "{assessment}")
        for suffix, name in (
            ("", "list_assessments"),
            (".json", "list_assessments_as_json"),
            (".csv", "export_assessments"),
        )
    ),
    Window("datasets?q=unreleased", "datasets.search", OF_AGENCY, 200, '"unreleased"'),
    Window("datasets/unreleased", "datasets.one", OF_AGENCY),
    Window("datasets/hidden/releases/1", "releases.one", _UNSEALING, 410),
    Window("datasets/hidden/releases/1/data.csv", "releases.file", _UNSEALING, 410),
    Window("datasets/hidden/releases/1/manifest.json", "releases.file", _UNSEALING, 410),
]
BODIES = {
    "assessments.create": {"agency": AGENCY.id, "scheme": "guyuan-sample", "period": "2025"},
    # Refused for what it says, before it is asked who may say it.
    "assessments.say": {"kind": "confirm", "reason": "某理由", "indicator": "overdue"},
    "annual_reports.declare": {
        "figures": [{"table": "3", "row": "1", "column": "C1", "value": "1"}]
    },
    "annual_reports.write": {"sections": [{"number": 1, "text": "某情况"}]},
    "uploads": None,
    "datasets": {
        "id": "new",
        "collection": "budgets",
        "agency": AGENCY.id,
        "period": "2030",
        "title": "新",
        "disclosure_attribute": "proactive",
    },
    "caution-answers": {"answers": [{"code": "no-such", "reason": "某原因"}]},
    "decisions": {"verdict": "return", "reason": "请更正"},
    "consents": {"verdict": "consent", "reference": "某函"},
    "clearance": {"reference": "解密审核〔2026〕3号", "reason": "保密期限已满"},
    "suspension": {"authority": "某机关", "reason": "某原因"},
    "lifting": {"authority": "某机关", "reason": "某原因"},
    "withdrawal": {"authority": "某机关", "basis": "某条", "reason": "某原因"},
    "words": {"kind": "show", "reason": "某理由"},
    "requests.register": {"number": "17", "channel": "mail", "applicant_kind": "other"},
    "requests.record": {"kind": "received", "on": "2026-03-02"},
    "occasions": {"occasion": "某文", "trigger_date": "2026-02-02"},
    "fulfilments": {
        "occasion": "某文",
        "kind": "document",
        "url": "https://www.example.gov.cn/1",
        "fulfilled_on": "2026-02-25",
    },
    "erasure": {"authority": "某机关", "reason": "某原因"},
    "complaints.register": {
        "agency": OTHER.id,
        "ground": "late",
        "statement": "某事",
        "source": "inspection",
    },
    "complaints.record": {"kind": "preliminary_check", "result": "proceed", "text": "某事"},
    "complaints.erase": {"part": "reporter", "authority": "某机关", "reason": "某原因"},
}


@dataclass(frozen=True)
class Scene:
    """A released dataset, a submission in review, and the persons of two agencies."""

    chain: Chain
    keys: dict[tuple[Role, str], str]
    names: dict[str, str]

    def knock(self, door, headers):
        """Ask at a door; what happens behind it is of no interest here."""
        body = BODIES.get(door.endpoint, BODIES.get(door.path.rpartition("/")[2], {}))
        return self.chain.client.open(
            "/api/v1/" + door.path.format(**self.names),
            method=door.method,
            json=body if door.method != "GET" else None,
            headers={**dict(door.headers), **headers, "Accept-Language": "en"},
            buffered=True,
        )


@pytest.fixture(scope="module")
def scene(tmp_path_factory, template_home):
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("doors") / "home")
    runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
    mine, theirs = cast(runtime, AGENCY), cast(runtime, OTHER)
    chain = Chain(app_of(runtime).test_client(), mine, lambda: work_off(runtime))
    rows = real_rows("budgets-2019")
    chain.publish_rows("d", "budgets", "2019", rows)
    chain.register("unreleased", "budgets", "2021")
    withdrawn(chain, "hidden")
    waiting = chain.submitted("d", csv_of(rows[:2]))
    keys = {(role, "own"): mine.keys[role] for role in Role}
    keys |= {(role, "other"): theirs.keys[role] for role in Role}
    with runtime.home.database.begin() as session:
        # Who judges agencies may never have had a key of one of them.
        others = {SUPERVISOR: access.add_person(session, "主管部门某人", BEGINNING)}
        for role in Role:
            terms = access.KeyTerms(role, AGENCY.id, collections=frozenset({"project-approvals"}))
            person = others.get(role, mine.persons[role])
            keys[role, "scoped"] = access.create_key(session, person, terms, BEGINNING)
    names = {"dataset": "d", "submission": waiting, "correction": correction(chain)}
    names |= {"agency": AGENCY.id, "request": requested(chain), "complaint": complained(chain)}
    names["obligation"] = obligation(chain)
    names |= {"assessment": assessed(chain)}
    yield Scene(chain, keys, names)
    close(runtime)


def withdrawn(chain, dataset):
    """Publish a release and withdraw it."""
    chain.publish_rows(dataset, "budgets", "2020", changed(real_rows("budgets-2020", 0, 3)))
    for say in (chain.suspend, chain.withdraw):
        for role in (APPROVER, SUPERVISOR):
            say(dataset, 1, role)


def obligation(chain):
    """Publish an obligation of the agency's own, and return its record's id."""
    chain.publish_rows("duties", "disclosure-obligations", "rolling", [duty("01-001")])
    [record] = chain.records("disclosure-obligations", fields="_id")
    return record["_id"]


def correction(chain):
    """Report a fault in a record, with a contact, and return the correction's id."""
    [record] = chain.records("budgets", limit="1", fields="_id")
    answer = chain.client.post(
        f"/api/v1/budgets/{record['_id']}/corrections",
        json={"claim": "有误", "contact": {"email": "reader@example.org"}},
    )
    return answer.json["id"]


def requested(chain):
    """Ask the agency for information, and return the request's id."""
    body = {
        "agency": AGENCY.id,
        "applicant_kind": "natural_person",
        "applicant": {"name": "申请人", "id_document": "某证", "phone": "0000"},
        "wanted": {"information": "某计划"},
    }
    return chain.client.post("/api/v1/requests", json=body).json["id"]


def complained(chain):
    """Report the other agency, by name, and return the complaint's id.

    Of the own one these supervisors have keys: they would take no part.
    """
    body = {"agency": OTHER.id, "ground": "late", "statement": "某事", "reporter": {"name": "某甲"}}
    return chain.client.post("/api/v1/complaints", json=body).json["id"]


def assessed(chain):
    """Assess the agency, and return the assessment's id."""
    body = BODIES["assessments.create"]
    headers = chain.as_(SUPERVISOR)
    return chain.client.post("/api/v1/assessments", json=body, headers=headers).json["id"]


def doors(argument: str = "door"):
    return pytest.mark.parametrize(argument, DOORS, ids=lambda each: f"{each.method} {each.path}")


@doors()
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("agency", ["own", "other"])
def test_a_door_opens_to_its_roles_of_its_agency(scene, door, role, agency):
    answer = scene.knock(door, sign(scene.keys[role, agency]))
    code = answer.json.get("code") if answer.is_json else None

    if role not in door.opens_to:
        assert (answer.status_code, code) == (403, "wrong-role")
    elif agency == "other" and door.own_agency_only and role not in WIDE:
        assert (answer.status_code, code) == (403, "wrong-agency")
    else:
        assert answer.status_code not in (401, 403), answer.text


@pytest.mark.parametrize("role", Role)
def test_a_key_for_other_collections_opens_no_door_of_the_own_agency(scene, role):
    mine = [door for door in DOORS if door.own_agency_only and role in door.opens_to]
    answers = [(door, scene.knock(door, sign(scene.keys[role, "scoped"]))) for door in mine]

    assert not [
        (door.path, answer.status_code, answer.text)
        for door, answer in answers
        if not answer.is_json or answer.json.get("code") != "wrong-collection"
    ]


@doors()
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic b2RrOm9kaw==",
        "Bearer odk_unknown",
        "odk_unknown",
        "Bearer 密钥",
        "Bearer odk_" + "x" * 10_000,
    ],
)
def test_no_door_opens_without_a_key_that_counts(scene, door, header):
    answer = scene.knock(door, {} if header is None else {"Authorization": header.encode()})

    assert (answer.status_code, answer.json["code"]) == (401, "not-authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_every_view_says_to_whom_it_is_opened_and_every_protected_one_is_in_the_table(scene):
    app = scene.chain.client.application
    opened = {
        re.sub(r"_[0-9]+$", "", name): frozenset(view.opened_to)
        for name, view in app.view_functions.items()
        if name != "static" and not name.startswith("api-docs")
    }

    protected = {name: set(roles) for name, roles in opened.items() if roles}
    assert protected == {door.endpoint: door.opens_to for door in DOORS}


@pytest.mark.parametrize("window", WINDOWS, ids=lambda each: each.path)
def test_a_window_shows_what_is_not_public_to_fitting_keys_only(scene, window):
    path, shows = (each.format(**scene.names) for each in (window.path, window.shows))

    def seen(headers):
        answer = scene.chain.client.get(f"/api/v1/{path}", headers=headers, buffered=True)
        return answer.status_code, answer.status_code == 200 and shows.encode() in answer.data

    shown = {key: seen(sign(scene.keys[key])) for key in scene.keys}
    fitting = window.shows_to

    assert {key for key, (_, is_shown) in shown.items() if is_shown} == fitting
    assert {status for key, (status, _) in shown.items() if key not in fitting} == {window.closed}
    assert seen({}) == (window.closed, False)
    assert seen(sign("odk_unknown")) == (401, False)


def test_every_view_that_asks_who_reads_is_in_the_table_of_windows(scene):
    views = scene.chain.client.application.view_functions.items()
    asking = {re.sub(r"_[0-9]+$", "", name) for name, view in views if asks_who_reads(view)}

    assert asking == {window.endpoint for window in WINDOWS}


def asks_who_reads(view):
    """Whether a view, or a function of the web that it leads to, is ``reader``, which looks."""
    seen, waiting = set(), [view]
    while waiting:
        found = waiting.pop()
        if found not in seen:
            seen.add(found)
            waiting += leads_to(found)
    return reader in seen


def leads_to(function):
    """Yield the functions that one names, wraps, encloses, or whose object it is given."""
    names, codes = set(), [function.__code__]
    for code in codes:
        names |= set(code.co_names)
        codes += [each for each in code.co_consts if isinstance(each, CodeType)]
    named = [function.__globals__.get(each) for each in names]
    rooms = [each for each in named if isinstance(each, ModuleType)]
    held = [each.cell_contents for each in function.__closure__ or ()]
    objects = [each.__self__ for each in held if isinstance(each, MethodType)]
    for each in (
        *named,
        *held,
        *(getattr(room, name, None) for room in rooms for name in names),
        *(getattr(one, each.name) for one in objects if is_dataclass(one) for each in fields(one)),
    ):
        if isinstance(each, FunctionType) and each.__module__.startswith("opendata.web"):
            yield each


def test_the_list_of_submissions_shows_the_own_agencys_only(scene):
    def seen(role, agency):
        answer = scene.chain.client.get(
            "/api/v1/submissions", headers=sign(scene.keys[role, agency])
        )
        return {each["agency"] for each in answer.json["data"]}

    assert seen(REVIEWER, "own") == {AGENCY.id}
    assert seen(REVIEWER, "scoped") == set()
    assert seen(REVIEWER, "other") == set()
    assert seen(SUPERVISOR, "other") == {AGENCY.id}


@on_sqlite
def test_a_key_ends_at_its_hour(platform, people, clock, client):
    terms = access.KeyTerms(AUTHOR, AGENCY.id, expires_at=clock.moment + timedelta(hours=1))
    with platform.home.database.begin() as session:
        key = access.create_key(session, people.persons[AUTHOR], terms, clock())

    def asked():
        return client.get("/api/v1/submissions", headers=sign(key))

    assert asked().status_code == 200
    clock.advance(hours=1)
    assert (asked().status_code, asked().json["code"]) == (401, "expired-key")


@on_sqlite
def test_a_revoked_key_opens_nothing_and_may_be_revoked_again(platform, people, clock, client):
    for _ in range(2):
        with platform.home.database.begin() as session:
            access.revoke_key(session, people.keys[AUTHOR], clock())

    answer = client.get("/api/v1/submissions", headers=sign(people.keys[AUTHOR]))
    assert (answer.status_code, answer.json["code"]) == (401, "not-authenticated")


@on_sqlite
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 401),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 401),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 401),
        ("127.0.0.1", {"X-Real-IP": "192.0.2.7"}, 401),
        ("", {}, 401),
    ],
)
def test_a_demo_key_works_from_this_machine_only(
    platform, people, clock, client, address, headers, status
):
    terms = access.KeyTerms(AUTHOR, AGENCY.id, loopback_only=True)
    with platform.home.database.begin() as session:
        key = access.create_key(session, people.persons[AUTHOR], terms, clock())

    answer = client.get(
        "/api/v1/submissions",
        headers={**sign(key), **headers},
        environ_overrides={"REMOTE_ADDR": address},
    )
    assert answer.status_code == status


@on_sqlite
def test_secrets_are_kept_as_hashes_only(platform, people):
    content = b"".join(path.read_bytes() for path in platform.settings.home.glob("opendata.db*"))

    assert people.persons[AUTHOR].hex.encode() in content
    for secret in people.keys.values():
        assert secret.encode() not in content
