"""Assessment 考核: points computed from facts by a declared scheme, appealed and confirmed."""

from opendata.stages.assessment.assessing import Asked, Computed, assess, computed
from opendata.stages.assessment.model import Assessment, NoSuchAssessment
from opendata.stages.assessment.saying import SPEAKERS, say
from opendata.stages.assessment.showing import is_inside, opened, rows

__all__ = [
    "SPEAKERS",
    "Asked",
    "Assessment",
    "Computed",
    "NoSuchAssessment",
    "assess",
    "computed",
    "is_inside",
    "opened",
    "rows",
    "say",
]
