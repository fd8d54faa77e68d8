"""The chain, once from end to end."""

from tests.tables import real_rows


def test_a_file_is_received_validated_reviewed_published_and_found(chain):
    rows = real_rows("budgets-2019")
    released = chain.publish_rows("b", "budgets", "2019", rows)

    assert released["number"] == 1
    assert released["rows"] == len(rows)
    assert len(chain.records("budgets")) == len(rows)


def test_the_library_has_something_of_every_collection(library):
    for each in (
        "budgets",
        "disclosure-statistics",
        "project-approvals",
        "administrative-penalties",
    ):
        assert library.records(each)
