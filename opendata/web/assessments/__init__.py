"""Assessments over HTTP: made by supervisors, appealed by agencies, public once confirmed."""

from opendata.web.assessments import views
from opendata.web.assessments.room import blp

__all__ = ["blp", "views"]
