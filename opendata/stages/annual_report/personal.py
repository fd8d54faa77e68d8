"""What may not be published in the words of a report: they are scanned as every file is."""

from collections.abc import Iterator, Sequence

from opendata.domain.annual.model import Breach, Section, Severity
from opendata.domain.errors import Text
from opendata.domain.privacy import BARRED, Kind
from opendata.tabular.privacy import kinds_in

FLAGGED = "words-flagged"
# Whatever is said of them, these do not go out.
_NEVER = BARRED | {Kind.MARKING}


def flagged(sections: Sequence[Section]) -> Iterator[Breach]:
    """Yield a breach for every kind of personal data, or marking, that a section seems to hold."""
    for section in sections:
        for kind in kinds_in(section.text or ""):
            yield Breach(
                rule=FLAGGED,
                severity=Severity.ERROR if kind in _NEVER else Severity.WARNING,
                message=Text(
                    f"第 {section.number} 部分的文字中似有{kind.label.zh}，公布前请核实、删去。",
                    f"The words of section {section.number} seem to hold {kind.label.en}; look, "
                    "and take it out before they are published.",
                ),
            )
