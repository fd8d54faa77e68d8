"""Erasures over HTTP: what was received goes for good, and why it went stays."""

from uuid import UUID

from opendata.domain.people import Role
from opendata.stages import erasure
from opendata.stages.standing import Standing
from opendata.web.access import actor, opened_to, runtime
from opendata.web.submissions.bodies import ErasureBody, SubmissionBody
from opendata.web.submissions.room import blp


@blp.route("/submissions/<uuid:submission_id>/erasure", methods=["POST"])
@opened_to(Role.SUPERVISOR, Role.ADMIN)
@blp.arguments(ErasureBody)
@blp.doc(operationId="erase_submission")
@blp.refuses(404, 409)
@blp.response(201, SubmissionBody, description="已删除 Erased")
def erase(body: dict[str, str], submission_id: UUID) -> Standing:
    """删除收到的文件 Erase what was received

    删除报送的文件及其校验报告，不可恢复；摘要、依据、理由和经办人保留。只能删除已发布或已终结的报送，
    已发布的版本不受影响。

    The received file and its report are gone for good; digest, authority, reason and person stay.
    The submission must be published or have come to an end; what is published stays as it is.
    """
    held = runtime()
    word = erasure.Word(body["authority"], body["reason"])
    return erasure.erase_submission(held.home, actor(), submission_id, word, held.now())
