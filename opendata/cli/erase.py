"""``opendata erase``: what a submission brought goes for good."""

from collections.abc import Mapping
from uuid import UUID

import click

from opendata.domain.people import Role, check_role
from opendata.runtime import Runtime
from opendata.settings import Settings
from opendata.stages import access, erasure

_MAY_ERASE = frozenset({Role.SUPERVISOR, Role.ADMIN})


@click.command()
@click.argument("submission", type=click.UUID)
@click.option("--authority", required=True, help="依据 On whose authority; it is kept.")
@click.option("--reason", required=True, help="原因 Why; it is kept, so no personal data in it.")
@click.option(
    "--key",
    envvar="OPENDATA_KEY",
    required=True,
    help="Key of a supervisor or an administrator.  [OPENDATA_KEY]",
)
@click.pass_obj
def erase(
    environment: Mapping[str, str], submission: UUID, authority: str, reason: str, key: str
) -> None:
    """Erase the received file of SUBMISSION and its report, here in OPENDATA_HOME, for good.

    Digest, authority, reason and person stay. The submission must be published or have come to an
    end; what is published stays as it is. Done again, it changes nothing.

    删除报送 SUBMISSION 收到的文件及其校验报告，不可恢复；摘要、依据、原因和经办人保留。
    """
    runtime = Runtime.of(Settings.from_environment(environment))
    with runtime.home.database.read() as session:
        actor = access.authenticate(session, key, runtime.now(), loopback=True)
    check_role(actor, _MAY_ERASE)
    word = erasure.Word(_said(authority), _said(reason))
    found = erasure.erase_submission(runtime.home, actor, submission, word, runtime.now())
    click.echo(f"已删除 Erased  {submission}  {found.submission.sha256}")


def _said(text: str) -> str:
    if not text.strip():
        raise click.UsageError("依据和原因不能为空。 Authority and reason are not empty.")
    return text.strip()
