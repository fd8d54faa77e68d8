"""The room of submissions: its views are in the modules beside this one."""

from opendata.web.room import Room

blp = Room(
    "submissions",
    __name__,
    label="报送与审查 Submissions and review",
    url_prefix="/api/v1",
    description="报送、校验报告、审查意见。Submissions, reports, decisions.",
)
