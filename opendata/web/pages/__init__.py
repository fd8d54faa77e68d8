"""The face for people: pages rendered on the server, over the same stages as the API.

Every page works without a script, and loads nothing from anywhere else.
"""

from opendata.web.pages.addresses import CONTENT_POLICY, register

__all__ = ["CONTENT_POLICY", "register"]
