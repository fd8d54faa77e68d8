"""What Frictionless discovers by its name once opendata is installed: our checks and errors.

``frictionless validate`` then knows every check a contract of ours names.
"""

from opendata.tabular.checks.plugin import OpendataPlugin

__all__ = ["OpendataPlugin"]
