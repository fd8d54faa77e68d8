"""The published contract: what is dropped is no longer known to it in any place."""

from opendata.domain.errors import Text
from opendata.domain.findings import Caution
from opendata.domain.identifiers import key_secret
from opendata.domain.treatments import Handling, Treatment
from tests.domain.made import KIND, contract, field


def test_dropped_columns_are_gone_from_the_published_contract():
    whole = contract()
    public = whole.published

    assert whole.dropped == {"secret"}
    assert whole.field("secret") is not None
    assert public.field("secret") is None
    assert "secret" not in str(public.table_schema)
    assert public.dropped == frozenset()
    assert "secret" in str(whole.table_schema)
    assert public.published == public


def test_a_contract_is_named_by_collection_and_version():
    assert contract(version=2).name == "things/v2"


def test_a_field_knows_its_labels_and_whether_it_is_required():
    needed = field("x")
    assert KIND.label("fine") == "罚款"
    assert KIND.label("unheard-of") == "unheard-of"
    assert needed.required is False


def test_the_secret_keys_identifiers_only_where_a_key_is_personal():
    personal = contract(personal={"name": Handling(Treatment.DROP)})

    assert key_secret(contract(), b"s") is None
    assert key_secret(personal, b"s") == b"s"


def test_a_caution_is_told_without_cell_values():
    caution = Caution("c", "n", None, "f", 1, (2,), (3,), Text("值", "value"))

    assert caution.as_dict() == {
        "code": "c",
        "name": "n",
        "basis": None,
        "field": "f",
        "count": 1,
        "rows": [2],
        "lines": [3],
        "message": {"zh": "值", "en": "value"},
    }
