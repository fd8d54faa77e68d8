"""Bars on a logarithmic scale, as an SVG that a page can show on light and on dark."""

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

WIDTH, LABELS, FIGURES = 760, 250, 130
BAR, GAP, SPACE, TOP = 16, 3, 16, 34
# Told apart by those who cannot see red and green, and on either background.
COLOURS = ("#2a78b8", "#c06a1e", "#6b6b6b", "#8a5a9e")

Bars = Mapping[str, Sequence[tuple[str, float]]]


def svg(title: str, bars: Bars, unit: str) -> str:
    """Draw for each heading the bars of its named values; the same name has the same colour."""
    values = [value for group in bars.values() for _, value in group]
    names = list(dict.fromkeys(name for group in bars.values() for name, _ in group))
    low = 10 ** math.floor(math.log10(min(values)))
    span = math.log10(max(values) / low)
    room = WIDTH - LABELS - FIGURES
    lines, at = [], TOP
    for heading, group in bars.items():
        middle = at + (len(group) * (BAR + GAP) + BAR) / 2
        lines.append(_text(LABELS - 12, middle - GAP, heading, "end"))
        for name, value in group:
            length = max(2.0, room * math.log10(value / low) / span)
            colour = COLOURS[names.index(name) % len(COLOURS)]
            lines.append(
                f'<rect x="{LABELS}" y="{at}" width="{length:.0f}" height="{BAR}" rx="2" '
                f'fill="{colour}"><title>{escape(f"{name}: {value:.3g} {unit}")}</title></rect>'
            )
            said = f"{_short(value)} {unit}  {name}"
            lines.append(_text(LABELS + length + 6, at + BAR - GAP, said))
            at += BAR + GAP
        at += SPACE
    return "\n".join(_page(title, lines, at))


def _page(title: str, lines: Sequence[str], height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="#6b6b6b">'
    )
    yield f"<title>{escape(title)}</title>"
    yield _text(LABELS, 18, f"{title} (logarithmic)", weight="bold")
    yield from lines
    yield "</svg>\n"


def _text(x: float, y: float, said: str, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-weight="{weight}">'
        f"{escape(said)}</text>"
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
