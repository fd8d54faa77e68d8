"""A home in which a little of everything happened that the log tells of."""

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from opendata.app import app_of
from opendata.domain.annual.declaring import Figure
from opendata.domain.annual.templates import template_of
from opendata.domain.people import EVERY_AGENCY, Actor, Role
from opendata.runtime import Runtime
from opendata.stages import access, erasure, requests
from opendata.stages.annual_report import Named, declare_figures, write_sections
from tests.api.duties import duty
from tests.chain import AGENCY, Chain, Clock, cast, work_off
from tests.platforms import BEGINNING, close, settings_of
from tests.tables import csv_of, real_rows

APPLICANT = {"name": "申请人庚某", "id_document": "450000190001010000", "phone": "13900139000"}
REPORT = Named(AGENCY.id, 2025)


class Life:
    """Persons of one agency, and what they do."""

    def __init__(self, home: Path) -> None:
        """Begin with nothing."""
        self.runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
        people = cast(self.runtime, AGENCY)
        client = app_of(self.runtime).test_client()
        self.chain = Chain(client, people, lambda: work_off(self.runtime))

    def live(self) -> None:
        """Do a little of everything, and give the database back."""
        self._publish()
        self._owe()
        self._be_asked()
        self._report()
        self._be_assessed()
        self._leave()
        close(self.runtime)

    def _publish(self) -> None:
        rows = real_rows("budgets-2019")
        self.chain.publish_rows("budget", "budgets", "2019", rows)
        body, headers = {"title": "预算"}, self.chain.as_("author")
        self.chain.client.patch("/api/v1/datasets/budget", json=body, headers=headers)
        marked = self.chain.submitted("budget", csv_of([{**rows[0], "explanation": "机密★十年"}]))
        said = {"reference": "示密〔2026〕1 号", "reason": "已解密"}
        self._done(f"submissions/{marked}/clearance", said, "supervisor")
        record = self.chain.records("budgets")[0]["_id"]
        claim = {"claim": "错字", "contact": {"phone": "13900139000"}}
        told = self._done(f"budgets/{record}/corrections", claim)
        said = {"kind": "show", "reason": "属实"}
        self._done(f"corrections/{told['id']}/words", said, "reviewer")

    def _owe(self) -> None:
        self.chain.publish_rows("duties", "disclosure-obligations", "rolling", [duty("02-001")])
        owed = self.chain.records("disclosure-obligations")[0]["_id"]
        named = {"occasion": "示政〔2026〕3号"}
        began = {**named, "trigger_date": "2026-02-02"}
        self._done(f"obligations/{owed}/occasions", began, "reviewer")
        said = {"kind": "exemption", "basis": "《条例》第十五条", "reason": "权利人不同意公开"}
        self._done(f"obligations/{owed}/fulfilments", {**named, **said}, "approver")

    def _be_asked(self) -> None:
        body = {"agency": AGENCY.id, "applicant_kind": "natural_person", "applicant": APPLICANT}
        filed = self._done("requests", {**body, "wanted": {"information": "养护计划"}})
        events = f"requests/{filed['id']}/events"
        received = {"kind": "received", "on": "2026-03-02"}
        self._done(events, {**received, "statement": "已电话确认"}, "author")
        word = {"kind": "answered", "on": "2026-03-02", "details": {"outcome": "granted"}}
        self._done(events, {**word, "statement": "见附件"}, "approver")
        self._done(events, {"kind": "delivered", "on": "2026-03-02"}, "author")
        gone = erasure.Word("示例县人民政府", "申请人要求删除")
        requests.erase(
            self.runtime.home, self._actor(Role.ADMIN), UUID(filed["id"]), gone, BEGINNING
        )
        told = {"agency": AGENCY.id, "ground": "illegal_fees", "statement": "口头拒绝"}
        self._done("complaints", {**told, "reporter": {"name": "李举报"}})

    def _report(self) -> None:
        place = next(iter(template_of(REPORT.year).units))
        author = self._actor(Role.AUTHOR)
        with self.runtime.home.database.begin() as session:
            figures = [Figure(place, Decimal(3), "合订本")]
            declare_figures(session, author, REPORT, figures, self.runtime.now())
            write_sections(session, author, REPORT, [(1, "总体情况")], self.runtime.now())

    def _be_assessed(self) -> None:
        asked = {"agency": AGENCY.id, "scheme": "guyuan-sample", "period": "2026-02"}
        made = self._done("assessments", asked, "supervisor")
        appeal = {"kind": "appeal", "indicator": "complaints", "reason": "情况有误"}
        self._done(f"assessments/{made['id']}/words", appeal, "approver")

    def _leave(self) -> None:
        with self.runtime.home.database.begin() as session:
            person, now = access.add_person(session, "某人", BEGINNING), self.runtime.now()
            terms = access.KeyTerms(Role.AUTHOR, EVERY_AGENCY)
            secret = access.create_key(session, person, terms, now)
            access.revoke_key(session, secret, now)
            access.leave(session, person, now)

    def _actor(self, role: Role) -> Actor:
        with self.runtime.home.database.read() as session:
            secret = self.chain.who.keys[role]
            return access.authenticate(session, secret, self.runtime.now(), loopback=True)

    def _done(self, path: str, body: dict[str, Any], who: str = "") -> dict[str, Any]:
        headers = self.chain.as_(who) if who else {}
        answer = self.chain.client.post(f"/api/v1/{path}", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json
        return found
