"""A descriptor and its data file, sent as the two parts of one form."""

import io
import json
import zipfile

from tests.platforms import on_sqlite
from tests.tables import csv_of, real_rows

pytestmark = on_sqlite
ROWS = real_rows("budgets-2019", 0, 3)
TABLE = csv_of(ROWS)


def descriptor(path="data.csv"):
    """A descriptor of one resource."""
    return json.dumps({"resources": [{"name": "data", "path": path}]}).encode()


def sent(chain, *parts):
    """Send parts of a form, as pairs of file name and content."""
    return chain.client.post(
        "/api/v1/datasets/b/submissions",
        data={f"part{n}": (io.BytesIO(content), name) for n, (name, content) in enumerate(parts)},
        headers=chain.as_("author"),
    )


def registered(chain):
    """Register the dataset that is sent in."""
    chain.register("b", "budgets", "2019", transcribes=[ROWS[0]["publisher_name"]])


def test_two_parts_are_kept_as_one_archive_and_judged(chain, platform):
    registered(chain)
    answer = sent(chain, ("datapackage.json", descriptor()), ("data.csv", TABLE))
    assert answer.status_code == 202
    chain.work()

    told = chain.submission(answer.json["id"])
    assert told["state"] == "in_review"
    assert told["filename"] == "datapackage.zip"
    assert told["provenance"]["container"] == {"format": "datapackage", "member": "data.csv"}
    with zipfile.ZipFile(platform.home.vault.path(told["sha256"])) as archive:
        assert archive.namelist() == ["datapackage.json", "data.csv"]
        assert archive.read("data.csv") == TABLE


def test_the_same_two_files_are_the_same_bytes_in_whatever_order(chain):
    registered(chain)
    parts = [("datapackage.json", descriptor()), ("C:\\files\\data.csv", TABLE)]
    one, other = sent(chain, *parts), sent(chain, *reversed(parts))

    assert one.json["sha256"] == other.json["sha256"]


def test_a_descriptor_that_names_another_file_is_told_so(chain):
    registered(chain)
    answer = sent(chain, ("datapackage.json", descriptor("other.csv")), ("data.csv", TABLE))
    chain.work()

    told = chain.submission(answer.json["id"])
    assert (told["state"], told["problem"]["code"]) == ("invalid", "no-such-member")


def test_two_files_without_a_descriptor_are_refused(chain):
    registered(chain)
    answer = sent(chain, ("a.csv", TABLE), ("b.csv", TABLE))

    assert (answer.status_code, answer.json["code"]) == (400, "no-file")
