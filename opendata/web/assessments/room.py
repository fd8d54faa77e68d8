"""The room of assessments."""

from opendata.web.room import Room

blp = Room(
    "assessments",
    __name__,
    label="考核 Assessment",
    url_prefix="/api/v1",
    description="政务公开考核：按声明的方案由事实计分，每一分都有出处，可申诉，确认后公开。"
    "Assessment of disclosure: points computed from facts by a declared scheme, each with what it "
    "counts, appealable, public once confirmed.",
)
