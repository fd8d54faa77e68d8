"""A home: everything a platform keeps, each thing against whatever else tells of it."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from opendata.domain.errors import Refusal
from opendata.stages.verify.blobs import changed_blobs, check_references
from opendata.stages.verify.bound import check_pointers, check_releases_told, check_rows_told
from opendata.stages.verify.facts import released
from opendata.stages.verify.keys import Trust
from opendata.stages.verify.lakes import Lakes
from opendata.stages.verify.lines import check_lines, lines_of
from opendata.stages.verify.log import check_log
from opendata.stages.verify.model import Inspection
from opendata.stages.verify.walk import Walk
from opendata.storage.home import Home
from opendata.storage.tables import AuditRow


def check_home(home: Home, lake: Path, trust: Trust, now: datetime, inspection: Inspection) -> None:
    """Check the log, the releases with their files, the lake's files below ``lake``, the vault.

    What is published meanwhile is not looked at.
    """
    trust.say(inspection)
    with home.database.read() as session:
        # The facts are those of this moment, and their files are there already.
        session.scalar(select(AuditRow.seq).limit(1))
        walk = Walk(home, trust, inspection, Lakes(lake, home.secret, inspection))
        walk.changed |= changed_blobs(home, inspection)
        try:
            releases = list(released(session, now))
        except (Refusal, SQLAlchemyError):
            # What a release cannot be described without is gone: its line in the log says what.
            check_rows_told(session, check_log(session, {}, inspection), inspection)
            if inspection.fits:
                raise
            return
        for each in releases:
            walk.check(each)
        walk.tell_unsigned()
        log = check_log(session, walk.heads, inspection)
        walk.told.update(lines_of(session))
        check_lines(walk.told, log.said, inspection)
        check_rows_told(session, log, inspection)
        check_releases_told(releases, log, inspection)
        check_pointers(session, releases, log, inspection)
        check_references(session, home, walk.changed, inspection)
