"""Every edition has a signed manifest, from which everything about a release can be checked."""

import hashlib
import json

import pytest
from sqlalchemy import select, text

from opendata.domain import merkle
from opendata.storage import audit
from opendata.storage.signing import canonical, holds
from opendata.storage.tables import ArtefactRow, AuditRow, ReleaseRow
from tests.platforms import on_sqlite, runtime_of
from tests.tables import changed, csv_of, real_rows

LAST_DAYS = ("2026-03-02", "2026-03-03", "2030-01-01")
PENALTIES = "administrative-penalties"


def manifest_of(chain, dataset, number=1):
    answer = chain.get(f"datasets/{dataset}/releases/{number}/manifest.json")
    assert answer.status_code == 200, answer.text
    return answer.json


def digest_of(chain, path):
    return hashlib.sha256(chain.get(path).data).hexdigest()


def keys_of(chain):
    answer = chain.client.get("/.well-known/opendata-keys.json")
    assert answer.content_type == "application/jwk-set+json"
    return answer.json["keys"]


class TestOfARelease:
    """What the first manifest of a release says."""

    def test_it_is_in_canonical_form_and_signed_by_the_key_that_is_told(self, library):
        answer = library.get("datasets/budgets-2018/releases/1/manifest.json")
        (key,) = keys_of(library)

        assert answer.data == canonical(answer.json)
        assert answer.json["format"] == "opendata-manifest/2"
        assert answer.json["signature"]["key"] == key["kid"]
        assert holds(answer.json, [key])

    def test_it_has_the_digest_of_every_file_and_no_other(self, library):
        base = "datasets/budgets-2018/releases/1"
        listed = {each["name"]: each for each in library.get(base).json["files"]}
        told = manifest_of(library, "budgets-2018")["artefacts"]

        assert {each["name"] for each in told} == set(listed) - {"manifest.json"}
        for each in told:
            content = library.get(f"{base}/{each['name']}").data
            assert each["sha256"] == hashlib.sha256(content).hexdigest()
            assert each["size"] == len(content)

    def test_it_has_the_digest_of_every_file_that_the_lake_was_given(self, library):
        lake = runtime_of(library.client).settings.lake
        told = manifest_of(library, "budgets-2018")["lake"]

        kinds = sorted(each["path"].rpartition(".")[2] for each in told)
        assert kinds == ["avro", "avro", "json", "parquet"]
        for each in told:
            content = (lake / each["path"]).read_bytes()
            assert (each["sha256"], each["size"]) == (
                hashlib.sha256(content).hexdigest(),
                len(content),
            )

    def test_its_root_stands_for_every_line_of_the_ndjson(self, library):
        home = runtime_of(library.client).home
        told = manifest_of(library, "penalties")["rows_root"]
        lines = library.get("datasets/penalties/releases/1/data.ndjson").data.splitlines()
        leaves = []
        for line in lines:
            salt = merkle.row_salt(home.secret, "penalties", 1, json.loads(line)["_id"])
            leaves.append(hashlib.sha256(b"\x00" + salt + line).digest())

        assert told["algorithm"] == "RFC9162_SHA256"
        assert told["size"] == len(lines)
        assert told["root"] == merkle.root(b"".join(leaves)).hex()
        with home.database.read() as session:
            row = session.scalars(select(ReleaseRow).filter_by(dataset_id="penalties")).one()
            kept = session.scalars(select(ArtefactRow).filter_by(name="leaves", release_id=row.id))
            assert home.vault.read(kept.one().sha256) == b"".join(leaves)
        assert row.merkle_root == told["root"]

    def test_the_hashes_of_single_records_are_nobodys_to_read(self, library):
        base = "datasets/budgets-2018/releases/1"

        assert "leaves" not in library.get(base).text
        assert library.get(f"{base}/leaves").status_code == 404

    def test_it_says_what_is_public_of_what_was_released(self, library):
        told = manifest_of(library, "penalties")
        shown = library.get(PENALTIES, limit="1", count="exact").json["meta"]["total"]

        assert told["rows_public"] == shown == told["rows"]
        assert told["rows"] == library.release("penalties", 1)["rows"]
        assert told["treatments"]
        assert told["consents"] == []
        assert manifest_of(library, "budgets-2018")["treatments"] == {}

    def test_it_has_the_end_of_the_log_as_it_was(self, library):
        told = manifest_of(library, "penalties")["audit"]
        with runtime_of(library.client).home.database.read() as session:
            assert session.get_one(AuditRow, told["seq"]).hash == told["hash"]


@pytest.fixture
def releases(chain):
    """A dataset of which the second release corrects a value of the first."""
    rows = changed(real_rows("budgets-2019", 0, 4), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows[:3]))
    return rows


@on_sqlite
def test_each_manifest_names_the_one_before_and_what_it_takes_the_place_of(chain, releases):
    first = digest_of(chain, "datasets/b/releases/1/manifest.json")
    chain.publish("b", csv_of(releases))

    told = [manifest_of(chain, "b", number) for number in (1, 2)]
    assert [each["previous"] for each in told] == [None, first]
    assert [each["supersedes"] for each in told] == [None, 1]
    assert told[0]["audit"]["seq"] < told[1]["audit"]["seq"]


@on_sqlite
def test_a_fresh_key_signs_what_comes_next_and_the_old_one_still_holds(chain, platform, releases):
    first = keys_of(chain)
    platform.home.signer.rotate()
    chain.publish("b", csv_of(releases))

    old, new = (manifest_of(chain, "b", number) for number in (1, 2))
    keys = keys_of(chain)
    assert [each["kid"] for each in keys] == [new["signature"]["key"], old["signature"]["key"]]
    assert keys[1:] == first
    assert holds(old, keys)
    assert holds(new, keys)
    assert not holds(new, first)


@on_sqlite
def test_versions_link_to_each_other_and_to_what_describes_them(chain, releases):
    def links(path):
        answer = chain.get(f"datasets/b/releases/{path}")
        given = [each.partition(">; rel=") for each in answer.headers.getlist("Link")]
        return {rel.strip('"'): url.partition("/releases")[2] for url, _, rel in given}

    chain.publish("b", csv_of(releases))

    first = {"version-history": "", "successor-version": "/2", "latest-version": "/2"}
    assert first.items() <= links("1").items()
    assert "predecessor-version" not in links("1")
    assert links("1")["describedby"] == "/1/manifest.json"
    files = links("2/data.csv")
    assert files["version-history"] == ""
    assert files["predecessor-version"] == "/1/data.csv"
    assert files["latest-version"] == "/2/data.csv"
    assert files["describedby"] == "/2/manifest.json"
    assert "successor-version" not in files
    assert "describedby" not in links("2/manifest.json")


@on_sqlite
def test_what_is_pinned_to_a_release_and_its_records_link_to_its_versions(chain, releases):
    def links(path, **query):
        answer = chain.get(path, **query)
        given = [each.partition(">; rel=") for each in answer.headers.getlist("Link")]
        found = {rel.strip('"'): url.partition("/datasets/")[2] for url, _, rel in given}
        return {rel: url for rel, url in found.items() if url}

    chain.publish("b", csv_of(releases))
    expected = {
        "version-history": "b/releases",
        "successor-version": "b/releases/2",
        "latest-version": "b/releases/2",
        "describedby": "b/releases/1/manifest.json",
    }
    totals = {"group_by": "account", "metrics": "count"}
    for path, asked in (
        ("budgets", {}),
        ("budgets.csv", {}),
        ("budgets.parquet", {}),
        ("budgets/aggregate", totals),
        ("budgets/aggregate.csv", totals),
        ("budgets/known-issues", {}),
    ):
        assert links(path, release="b@1", **asked) == expected, path
        assert links(path, **asked) == {}
    record = chain.get("budgets").json["data"][0]["_id"]
    newest = {"version-history": "b/releases", "latest-version": "b/releases/2"}
    assert links(f"budgets/{record}") == newest

    tag = chain.get("budgets", release="b@2").headers["ETag"]
    chain.publish("b", csv_of(releases[:1]))
    same = chain.client.get("/api/v1/budgets?release=b@2", headers={"If-None-Match": tag})
    assert same.status_code == 304
    assert any('/3>; rel="latest-version"' in each for each in same.headers.getlist("Link"))


@on_sqlite
def test_the_latest_version_is_one_that_is_public(chain, releases):
    chain.publish("b", csv_of(releases))
    assert chain.suspend("b", 2).status_code == 201

    given = chain.get("datasets/b/releases/1").headers.getlist("Link")
    assert any('/1>; rel="latest-version"' in each for each in given)
    assert any('/2>; rel="successor-version"' in each for each in given)


class TestOfEditions:
    """As windows end, each edition has a manifest of its own, which follows the one before."""

    @pytest.fixture
    def published(self, chain):
        """Three penalties, of which one may be seen today, one until tomorrow, one for years."""
        found = real_rows("administrative-penalties-sample", 0, 3)
        # By this rule the window counts from publication, so that any last day will do.
        named = changed(found, authority_name=chain.who.agency.name.zh, window_rule="R-SAMR")
        rows = [{**row, "public_until": day} for row, day in zip(named, LAST_DAYS, strict=True)]
        chain.register("p", PENALTIES, "rolling")
        chain.publish("p", csv_of(rows))
        return rows

    @on_sqlite
    def test_it_says_what_is_left_and_follows_the_one_before(self, chain, clock, published):
        path = "datasets/p/releases/1/manifest.json"
        first, digest = manifest_of(chain, "p"), digest_of(chain, path)
        clock.set("2026-03-03T08:00:00+08:00")
        chain.work()
        second, digest_2 = manifest_of(chain, "p"), digest_of(chain, path)
        clock.set("2026-03-04T08:00:00+08:00")
        third = manifest_of(chain, "p")

        told = [first, second, third]
        assert [each["edition"] for each in told] == ["2026-03-02", "2026-03-03", "2026-03-04"]
        assert [each["rows_public"] for each in told] == [3, 2, 1]
        assert [each["rows"] for each in told] == [3, 3, 3]
        assert [each["previous"] for each in told] == [None, digest, digest_2]
        assert first["rows_root"] == second["rows_root"] == third["rows_root"]
        assert len({json.dumps(each["artefacts"]) for each in told}) == 3
        assert all(holds(each, keys_of(chain)) for each in told)
        by_name = {each["name"]: each["sha256"] for each in third["artefacts"]}
        assert by_name["data.csv"] == digest_of(chain, "datasets/p/releases/1/data.csv")
        assert by_name["report.json"] == digest_of(chain, "datasets/p/releases/1/report.json")

    @on_sqlite
    def test_before_it_is_there_none_is_shown_and_what_was_cited_holds(
        self, chain, clock, published
    ):
        clock.set("2026-03-04T08:00:00+08:00")
        cited = chain.get(PENALTIES).json["meta"]["digest"]
        assert chain.get("datasets/p/releases/1/manifest.json").status_code == 404
        chain.work()

        assert chain.get(PENALTIES).json["meta"]["digest"] == cited
        assert manifest_of(chain, "p")["edition"] == "2026-03-04"

    @on_sqlite
    def test_one_is_not_built_on_a_manifest_that_was_tampered_with(
        self, chain, clock, platform, published
    ):
        clock.set("2026-03-03T00:00:00+08:00")
        digest = digest_of(chain, "datasets/p/releases/1/manifest.json")
        path = platform.home.vault.path(digest)
        path.chmod(0o600)
        path.write_bytes(path.read_bytes().replace(b'"rows":3', b'"rows":4'))
        clock.set("2026-03-04T08:00:00+08:00")

        with pytest.raises(AssertionError, match="damaged"):
            chain.work()
        assert chain.get("datasets/p/releases/1/manifest.json").status_code == 404

    @on_sqlite
    def test_what_expired_was_not_taken_out_of_the_next_release(self, chain, clock, published):
        clock.set("2026-03-04T08:00:00+08:00")
        chain.work()
        more = changed(published[2:], decision_number="示例罚决〔2026〕999号")
        chain.publish("p", csv_of(more))

        assert manifest_of(chain, "p", 2)["rows_public"] == 2
        assert chain.release("p", 2)["version"] == "1.1.0"

    @on_sqlite
    def test_a_release_of_old_gets_a_signed_manifest_with_its_next_edition(
        self, chain, clock, platform, published
    ):
        """Its first manifest was of the first form, unsigned, and spoke for all editions."""
        as_of_old(platform, manifest_of(chain, "p"))
        assert chain.release("p", 1)["version"] is None
        assert manifest_of(chain, "p")["format"] == "opendata-manifest/1"

        clock.set("2026-03-04T08:00:00+08:00")
        assert manifest_of(chain, "p")["format"] == "opendata-manifest/1"
        chain.work()
        told = manifest_of(chain, "p")
        unknown = ("version", "supersedes", "corrects", "notes", "rows_root")
        assert told["format"] == "opendata-manifest/2"
        assert [told[name] for name in unknown] == [None] * 5
        assert told["rows_public"] == 1
        assert told["lake"]
        assert told["treatments"]
        assert holds(told, keys_of(chain))


def as_of_old(platform, told):
    """Make the one release look as it did before manifests were signed."""
    unknown = {
        *("version", "supersedes", "corrects", "notes", "rows_root", "lake", "consents"),
        *("treatments", "rows_public", "audit", "previous", "signature"),
    }
    body = {name: each for name, each in told.items() if name not in unknown}
    body["format"] = "opendata-manifest/1"
    blob = platform.home.vault.put(json.dumps(body, indent=2).encode())
    with platform.home.database.begin() as session:
        for trigger in (
            "release_refuse_update",
            "artefact_refuse_update",
            "artefact_refuse_delete",
        ):
            session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(
            text("UPDATE release SET version = NULL, supersedes = NULL, merkle_root = NULL")
        )
        session.execute(
            text("DELETE FROM artefact WHERE name = 'leaves' OR edition > '2026-03-02'")
        )
        changed_to = {"sha256": blob.sha256, "size": blob.size}
        session.execute(
            text("UPDATE artefact SET sha256 = :sha256, size = :size WHERE name = 'manifest.json'"),
            changed_to,
        )
        # What was answered is forgotten with the next line of the log.
        audit.append(session, "system", "made-old", "p@1", platform.now())
