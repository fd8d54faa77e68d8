"""``opendata annual-report`` and ``opendata requests``: what they ask for before they ask anybody.

That they work is typed in the guide on the annual report.
"""

import csv

import pytest
from click.testing import CliRunner

from opendata.cli.annual_report import annual_report
from opendata.cli.asked import requests
from opendata.tabular.ledgers import request_ledger

WHICH = ["--agency", "bureau", "--year", "2025", "--server", "http://localhost:1"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--format", "docx"], "docx needs --out"),
        (["--submit"], "--submit needs an author's key"),
        (["--format", "pdf"], "'pdf' is not one of"),
        ([], "The server cannot be talked to"),
    ],
)
def test_a_report_that_cannot_be_had_ends_the_command_with_2(more, said):
    done = CliRunner().invoke(annual_report, [*WHICH, *more], env={"OPENDATA_KEY": ""})

    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize(("more", "member"), [([], "title"), (["--names"], "name")])
def test_the_header_of_a_ledger_has_every_column(more, member):
    done = CliRunner().invoke(requests, ["template", *more])

    fields = request_ledger().fields
    wanted = [each.name if member == "name" else each.title.zh for each in fields]
    assert next(csv.reader([done.output])) == wanted
