"""Clearances over HTTP: a file with classification markings goes on to its review."""

from uuid import UUID

from opendata.domain.people import Role
from opendata.stages import clear
from opendata.stages.standing import Standing
from opendata.web.access import actor, opened_to, runtime
from opendata.web.submissions.bodies import SubmissionBody
from opendata.web.submissions.flags import ClearanceBody
from opendata.web.submissions.room import blp


@blp.route("/submissions/<uuid:submission_id>/clearance", methods=["POST"])
@opened_to(Role.SUPERVISOR)
@blp.arguments(ClearanceBody)
@blp.doc(operationId="clear_submission")
@blp.refuses(404, 409)
@blp.response(201, SubmissionBody, description="已放行 Cleared")
def clear_marking(body: dict[str, str], submission_id: UUID) -> Standing:
    """放行带有国家秘密标志的报送 Clear a classification marking

    文件带有密级标志的，在主管部门写明解密依据之前不进入审查。放行不等于公开：此后照常审查和批准，
    放行的人不得再作审查人或批准人。不能放行的，由主管部门提出“不予公开”或“退回”的意见。

    A file with a classification marking is not reviewed before a supervisor names the decision
    that declassified it. Review and approval follow as for any other, by other persons. What
    cannot be cleared the supervisor withholds or returns by a decision.
    """
    held = runtime()
    word = clear.Word(body["reference"], body["reason"])
    with held.home.database.begin() as session:
        return clear.clear(session, actor(), submission_id, word, held.now())
