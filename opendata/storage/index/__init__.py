"""The serving index: derived from releases, never the truth, rebuilt from them at any time.

A *segment* holds the records of some releases (its *parts*) in the collection's default order:
every column as sorted distinct values and a code for each record, so that a comparison is one of
integers; and where each record stands in its release's own NDJSON and CSV files, so that no
record is rendered twice. Segments never change. A collection's *roll* names those that are in
use; it is replaced by a rename. Small segments are merged into larger ones.
"""
