"""The room of requests for information."""

from opendata.web.room import Room

blp = Room(
    "requests",
    __name__,
    label="依申请公开 Requests for information",
    url_prefix="/api/v1",
    description="公众申请公开政府信息，公开主体办理、答复（《政府信息公开条例》第二十七条至第四十五条）。"
    "Anybody asks for information, the agency answers; clocks and counts for who supervises.",
)
