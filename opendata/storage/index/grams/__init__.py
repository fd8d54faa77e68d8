"""Substring search: which records contain a text, without regard to case.

Records are taken in blocks. Of every *gram* (a short run of characters) it is kept in which
blocks it occurs, so that a term can only be in the blocks that have all its grams; these are
looked through for the term itself. Nothing is cut into words, which Chinese does not separate.
"""

from opendata.storage.index.grams.reading import Search, Searchable
from opendata.storage.index.grams.writing import write_grams

__all__ = ["Search", "Searchable", "write_grams"]
