"""What persons declare and write for annual reports, and what of it was sent in: facts only.

Review asks whose they are, so they stand before it; compiling a report of them comes after.
"""

from opendata.stages.annual_words.facts import COLLECTION, Named
from opendata.stages.annual_words.submitted import authors_of

__all__ = ["COLLECTION", "Named", "authors_of"]
