"""Dates by the million: what is written ``2024-05-06`` as a number of its own order."""

import numpy as np
import numpy.typing as npt
import polars as pl

DAYS_A_MONTH = 32
_LENGTH = len("2024-05-06")
_MONTHS = 12


def day_numbers(texts: pl.Series) -> pl.Series:
    """Return of each ISO date its months since the year 0, times 32, and its day.

    As no month has 32 days, a month's last day is before any day that the month does not have.
    Of what is no date of ten bytes nothing is said that could be relied on.
    """
    fits = (texts.str.len_bytes() == _LENGTH).fill_null(False)
    pairs = (
        texts.filter(fits)
        .cast(pl.Binary)
        .bin.reinterpret(dtype=pl.Array(pl.UInt16, _LENGTH // 2), endianness="little")
        .to_numpy()
    )
    days = np.zeros(len(texts), np.int32)
    days[fits.to_numpy()] = sum(table[pairs[:, at]] for at, table in enumerate(_TABLES))
    return pl.Series(texts.name, days)


def _tables() -> list[npt.NDArray[np.int32]]:
    """Return what each two neighbouring characters add to the number.

    A pair is addressed by its bytes read as one number, the first byte being the lower.
    """
    year = _MONTHS * DAYS_A_MONTH
    weights = ((1000, 100), (10, 1), (None, 10), (1, None), (10, 1))
    units = (year, year, DAYS_A_MONTH, DAYS_A_MONTH, 1)
    return [
        (unit * (_digits(second)[:, np.newaxis] + _digits(first)[np.newaxis, :])).ravel()
        for unit, (first, second) in zip(units, weights, strict=True)
    ]


def _digits(weight: int | None) -> npt.NDArray[np.int32]:
    """Return what each byte is worth as a digit of some weight; no digit is worth nothing."""
    worth = np.zeros(256, np.int32)
    if weight is not None:
        worth[ord("0") : ord("9") + 1] = np.arange(10, dtype=np.int32) * weight
    return worth


_TABLES = _tables()
