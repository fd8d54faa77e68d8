"""Giving back on the command line: the file with the findings marked, the report as a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from opendata.domain.contracts import Contract
from opendata.domain.errors import Refusal
from opendata.domain.findings import Judgement
from opendata.tabular.readers import Declared, Unreadable
from opendata.tabular.refused_report import refused_provenance, refused_report


@dataclass(slots=True)
class Giving:
    """What is to be written about ``file``, and where; ``contract`` is known once it is loaded."""

    file: Path
    declared: Declared
    work: Path
    workbook: Path | None
    page: Path | None
    contract: Contract | None = None

    def judged(self, judgement: Judgement) -> None:
        """Write what was asked for about a judged file."""
        cautions = [each.as_dict() for each in judgement.cautions]
        told = {"counts": judgement.counts, "provenance": judgement.provenance}
        self._write(judgement.errors, {**told, "valid": judgement.valid, "cautions": cautions})

    def refused(self, refusal: Refusal) -> None:
        """Write what was asked for about a file that is no table."""
        if isinstance(refusal, Unreadable):
            report = refused_report(refusal)
            told = {"counts": report["counts"], "provenance": refused_provenance(refusal)}
            self._write(report["errors"], {**told, "valid": False, "cautions": ()})

    def _write(self, errors: Iterable[Mapping[str, Any]], told: Mapping[str, Any]) -> None:
        if self.contract is None or not (self.workbook or self.page):
            return
        # It loads what writes workbooks and pages: for those who ask for them only.
        from opendata.tabular import annotate

        outcome = annotate.Outcome(filename=self.file.name, errors=errors, **told)
        if self.workbook is not None:
            received = annotate.Received(self.file, self.contract, self.declared)
            _, suffix = annotate.mark(received, outcome, self.workbook, self.work)
            _tell(self.workbook)
            if self.workbook.suffix.lower() != suffix:
                click.echo(f"文件名应以 {suffix} 结尾。 The name must end in {suffix}.", err=True)
        if self.page is not None:
            account = annotate.account_of(outcome, annotate.MOST_SHOWN)
            self.page.write_text(annotate.report_page(account, ()), encoding="utf-8")
            _tell(self.page)


def _tell(path: Path) -> None:
    click.echo(f"已写入 written: {path}", err=True)
