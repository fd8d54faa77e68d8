"""The room of compliance, and what its views work with."""

from opendata.stages.comply import Sources
from opendata.web.access import runtime
from opendata.web.room import Room

blp = Room(
    "compliance",
    __name__,
    label="公开义务 Compliance",
    url_prefix="/api/v1",
    description="应公开的事项是否按时公开：状态、比率、逐件清单，以及记录起算日和履行情况。"
    "Whether what must be disclosed was, in time: rates, the cases behind every number, and how "
    "agencies record what their obligations run from and were met by.",
)


def sources() -> Sources:
    """Return what compliance is worked out from."""
    held = runtime()
    return Sources(held.home, held.contracts, held.rules)
