"""The same real records in other formats: each file goes through the whole chain."""

import csv
import hashlib
import io
import shutil
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest

from datasets.build.formats import FOLDER, files
from datasets.build.formats.model import File
from opendata.app import app_of
from opendata.domain.contracts import Contract
from opendata.runtime import Runtime
from tests.chain import AGENCY, Chain, Clock, cast, work_off
from tests.platforms import BEGINNING, close, settings_of
from tests.tables import ROOT, Row, descriptor, real_rows

FILES = sorted(files(), key=lambda file: file.name)


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory,
    template_home: Path,
    contracts: Mapping[str, Contract],
) -> Iterator[Chain]:
    """A platform on which every dataset that a file is of is registered."""
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("formats") / "home")
    runtime = Runtime.around(settings_of(home), contracts, Clock(BEGINNING))
    chain = Chain(app_of(runtime).test_client(), cast(runtime, AGENCY), lambda: work_off(runtime))
    for package in sorted({file.package for file in FILES}):
        said = descriptor(package)
        collection, period, names = (said[key] for key in ("collection", "period", "transcribes"))
        made = chain.register(package, collection, period, transcribes=names)
        assert made.status_code == 201, made.text
    yield chain
    close(runtime)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_in_another_format_is_published_with_the_records_of_its_package(
    office: Chain, contracts: Mapping[str, Contract], file: File
) -> None:
    """Sent in under its name only: what it is, its content tells."""
    name, package = file.name, file.package
    content = (ROOT / "datasets" / FOLDER / name).read_bytes()

    sent = office.submit(
        package,
        content,
        Content_Type="application/octet-stream",
        Content_Disposition=f"attachment; filename*=UTF-8''{quote(name)}",
    )
    assert sent.status_code == 202, sent.text
    office.work()
    found = office.submission(sent.json["id"])
    assert found["state"] == "in_review", found
    office.approve(found["id"])
    office.work()

    contract = contracts[descriptor(package)["collection"]]
    number = office.submission(found["id"])["release"]
    answer = office.get(f"datasets/{package}/releases/{number}/data.csv")
    published = list(csv.DictReader(io.StringIO(answer.data.decode(), newline="")))
    assert [values(row, contract) for row in published] == [
        values(row, contract) for row in real_rows(package)
    ]
    assert found["sha256"] == hashlib.sha256(content).hexdigest()


def values(row: Row, contract: Contract) -> dict[str, object]:
    """What the published cells of a row say; a number may be written in several ways."""
    return {
        field.name: Decimal(row[field.name])
        if field.type == "number" and row[field.name]
        else row[field.name]
        for field in contract.published.fields
    }
