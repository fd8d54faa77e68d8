"""Privacy: which cells look like natural persons' identifiers, and which are marked as secret."""

from opendata.tabular.privacy.identifiers import columns_with_identifiers
from opendata.tabular.privacy.scanning import PrivacyScan
from opendata.tabular.privacy.texts import kinds_in

__all__ = ["PrivacyScan", "columns_with_identifiers", "kinds_in"]
