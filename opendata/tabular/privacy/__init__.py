"""Privacy: which cells look like natural persons' identifiers, and which are marked as secret."""

from opendata.tabular.privacy.scanning import PrivacyScan

__all__ = ["PrivacyScan"]
