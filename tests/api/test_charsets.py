"""The charset that comes with a file reaches the reader, and decides where the bytes do not."""

import io

import pytest

from tests.platforms import on_sqlite
from tests.tables import csv_of, descriptor, real_rows

pytestmark = on_sqlite
DATASET = "budgets-2019"
GBK = csv_of(real_rows(DATASET)).decode().encode("gbk")


@pytest.fixture
def registered(chain):
    names = descriptor(DATASET)["transcribes"]
    assert chain.register(DATASET, "budgets", "2019", transcribes=names).status_code == 201
    return chain


def read_back(chain, answer):
    assert answer.status_code == 202, answer.text
    chain.work()
    return chain.submission(answer.json["id"])


def test_the_charset_of_a_raw_body_is_kept_and_decides(registered):
    sent = registered.submit(DATASET, GBK, Content_Type="Text/CSV; header=present; charset=GBK")

    found = read_back(registered, sent)
    assert found["media_type"] == "text/csv; charset=GBK"
    assert found["state"] == "in_review"
    assert found["provenance"]["encoding"] == "gb18030"
    assert found["provenance"]["encoding_grounds"] == "declared"
    assert [each["code"] for each in found["provenance"]["notes"]] == ["encoding-gb18030"]


def test_the_charset_of_a_file_in_a_form_is_kept_and_decides(registered):
    sent = registered.client.post(
        f"/api/v1/datasets/{DATASET}/submissions",
        data={"file": (io.BytesIO(GBK), "预算.csv", "text/csv; charset=big5")},
        headers=registered.as_("author"),
    )

    found = read_back(registered, sent)
    assert found["media_type"] == "text/csv; charset=big5"
    assert found["problem"]["code"] in ("undecodable", "no-header")


def test_a_charset_that_is_not_read_is_said(registered):
    found = read_back(
        registered, registered.submit(DATASET, GBK, Content_Type="text/csv;charset=x")
    )

    assert found["state"] == "invalid"
    assert found["problem"]["code"] == "unknown-charset"
