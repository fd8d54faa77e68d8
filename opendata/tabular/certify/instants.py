"""Keys of moments that may have a fraction of a second and a zone: equal if the instants are."""

from datetime import datetime

import polars as pl

_SECOND = 1_000_000
# Polars counts from 1970, ``canonical_key`` from the first day Python knows.
_FIRST = (datetime(1970, 1, 1) - datetime.min).days * 86_400 * _SECOND  # noqa: DTZ001, DTZ901 - clocks, not moments.


def instant_key(text: pl.Expr) -> pl.Expr:
    """Return the key of ``YYYY-MM-DD[T ]hh:mm:ss[.f][zone]``.

    Without a zone it is the clock's reading, with one the microseconds in UTC; Python calls no
    two of these equal.
    """
    clock = text.str.slice(0, 19).str.replace(" ", "T", literal=True)
    rest = text.str.slice(19)
    fraction = rest.str.extract(r"\A\.([0-9]+)").fill_null("").str.strip_chars_end("0")
    zone = rest.str.extract(r"(Z|[+-][0-9:]+)\z")
    passed = clock.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us")
    micros = fraction.str.pad_end(6, "0").cast(pl.Int64, strict=False)
    instant = passed.cast(pl.Int64) + _FIRST + micros - _offset_seconds(zone) * _SECOND
    part = pl.when(fraction == "").then(pl.lit("")).otherwise(pl.lit(".") + fraction)
    aware = instant.cast(pl.String) + "Z"
    return pl.when(zone.is_null()).then(clock + part).otherwise(aware)


def _offset_seconds(zone: pl.Expr) -> pl.Expr:
    digits = zone.str.slice(1).str.replace(":", "", literal=True)
    hours = digits.str.slice(0, 2).cast(pl.Int64, strict=False).fill_null(0)
    minutes = digits.str.slice(2, 2).cast(pl.Int64, strict=False).fill_null(0)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    return sign * (hours * 3600 + minutes * 60)
