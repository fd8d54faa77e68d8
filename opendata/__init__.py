"""opendata: publish what the law makes public, and read it."""

__version__ = "0.1.0"
