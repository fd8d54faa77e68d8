"""Compliance over HTTP: what must be disclosed, and whether it was."""

from opendata.web.compliance import crosschecks, feed, recording, showing
from opendata.web.compliance.room import blp

__all__ = ["blp", "crosschecks", "feed", "recording", "showing"]
