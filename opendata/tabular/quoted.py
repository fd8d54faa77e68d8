"""Texts as JSON writes them, whole columns at once."""

import json

import polars as pl

# What stands in no JSON text as it is, and how it is written there.
_ESCAPED = {
    each: json.dumps(each, ensure_ascii=False)[1:-1] for each in (*map(chr, range(32)), '"', "\\")
}


def inside_quotes(text: pl.Expr) -> pl.Expr:
    """Return what ``json.dumps`` (``ensure_ascii=False``) writes between the quotation marks."""
    escaped = text.str.replace_many(list(_ESCAPED), list(_ESCAPED.values()))
    return pl.when(text.str.contains(r'["\\\x00-\x1f]')).then(escaped).otherwise(text)
