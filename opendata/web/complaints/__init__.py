"""Complaints over HTTP: anybody reports a breach, supervisors handle it, outcomes are public."""

from opendata.web.complaints.views import blp

__all__ = ["blp"]
