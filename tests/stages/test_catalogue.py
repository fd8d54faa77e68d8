"""The catalogue: registering and correcting, also by several people at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.platforms import on_sqlite
from tests.tables import real_rows


def at_once(chain, send, count):
    """Let ``send`` use a client of its own in each of several threads; return the answers."""

    def run(number):
        return send(chain.client.application.test_client(), number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def test_a_dataset_that_several_register_at_once_is_registered_once(chain):
    headers = chain.as_("author")

    def register(client, number):
        body = {
            "id": "same" if number % 2 else f"other-{number}",
            "collection": "budgets",
            "agency": chain.who.agency.id,
            "period": "2026",
            "title": "同一时段",
            "disclosure_attribute": "proactive",
        }
        return client.post("/api/v1/datasets", json=body, headers=headers)

    answers = at_once(chain, register, 6)

    assert Counter(each.status_code for each in answers) == {201: 1, 409: 5}
    assert {each.json["code"] for each in answers if each.status_code == 409} == {"dataset-exists"}


def test_corrections_made_at_once_do_not_undo_each_other(chain):
    chain.register("b", "budgets", "2026")
    headers = chain.as_("author")
    words = [{"title": "新题"}, {"description": "新说明"}, {"title_en": "New"}]

    def amend(client, number):
        return client.patch("/api/v1/datasets/b", json=words[number], headers=headers)

    answers = at_once(chain, amend, len(words))

    assert [each.status_code for each in answers] == [200, 200, 200]
    told = chain.client.get("/api/v1/datasets/b", headers=headers).json
    assert (told["title"], told["description"], told["title_en"]) == ("新题", "新说明", "New")


@on_sqlite
def test_the_catalogue_is_searched_by_collection_and_words(chain):
    chain.publish_rows("b", "budgets", "2019", real_rows("budgets-2019"))
    projects = real_rows("project-approvals-transcribed", 0, 2)
    chain.publish_rows("p", "project-approvals", "rolling", projects)

    def found(**query):
        return [each["id"] for each in chain.records("datasets", **query)]

    assert sorted(found()) == ["b", "p"]
    assert found(collection="budgets") == ["b"]
    assert found(q="鹿寨县财政局") == ["b"]
    assert found(q="鹿寨县 没有的词") == []
    assert chain.get("datasets", collection="no-such").status_code == 404
