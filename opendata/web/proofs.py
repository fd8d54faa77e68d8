"""Proofs over HTTP: what a record is checked with, offline and later, against its release."""

from collections.abc import Iterable
from datetime import datetime

import orjson

from opendata.domain.contracts import Contract
from opendata.domain.queries import parse
from opendata.runtime import Runtime
from opendata.stages import proof
from opendata.web.envelope import Pair
from opendata.web.room import problem_name
from opendata.web.shapes import Doc

_DIGEST: Doc = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_KEY: Doc = {
    "type": "object",
    "description": "JSON Web Key（RFC 7517、RFC 8037）",
    "required": ["kty", "crv", "x", "kid"],
    "properties": {
        "kty": {"type": "string", "enum": ["OKP"]},
        "crv": {"type": "string", "enum": ["Ed25519"]},
        "x": {"type": "string"},
        "kid": {"type": "string", "description": "RFC 7638"},
    },
}
COMPONENT: Doc = {
    "type": "object",
    "description": "一条记录的凭证，用 opendata verify --proof 核验。 What shows that a record is "
    "in a release as it was signed; opendata verify --proof checks it.",
    "required": ["format", "record", "salt", "index", "size", "path", "manifest", "keys"],
    "properties": {
        "format": {"type": "string", "enum": [proof.FORMAT]},
        "record": {
            "type": "string",
            "description": "记录在发布时 data.ndjson 中的那一行 Its line of the release's NDJSON",
        },
        "salt": _DIGEST | {"description": "与该行一起散列 Hashed together with the line"},
        "index": {"type": "integer", "description": "第几个叶，从 0 起 Which leaf, from 0"},
        "size": {"type": "integer", "description": "叶的个数 How many leaves there are"},
        "path": {
            "type": "array",
            "items": _DIGEST,
            "description": "由叶到根（RFC 9162, 2.1.3） From the leaf to the root",
        },
        "manifest": {"type": "object", "description": "签名的清单 The release's signed manifest"},
        "keys": {
            "type": "object",
            "description": "签名所用的公钥；应与 /.well-known/opendata-keys.json 核对 The key that "
            "signed it, to be compared with those at /.well-known/opendata-keys.json",
            "required": ["keys"],
            "properties": {"keys": {"type": "array", "items": _KEY}},
        },
    },
}
_TOLD = (
    "记录的原文、盐、Merkle 路径和签名的清单，可离线核验，相邻的记录到期之后亦然。"
    "用 release 指定发布版本，否则取现在载有它的版本。不再公开的记录返回 410。\n\n"
    "The record's exact line, its salt, its Merkle path and the signed manifest: enough to check "
    "it offline, also after its neighbours expired. release chooses another release than the one "
    "that it is in now. A record that is no longer public answers 410."
)


def body(
    held: Runtime, contract: Contract, record_id: str, pairs: Iterable[Pair], now: datetime
) -> bytes:
    """Return a record's proof as JSON; ``pairs`` may name the release it is looked for in.

    Raises:
        Refusal: there is no such record or release, or no longer, or no proof of it.
    """
    asked = parse(pairs, contract.published)
    found = proof.proof(held.home, contract, record_id, asked.release, now)
    told = {
        "format": proof.FORMAT,
        "record": found.line.decode(),
        "salt": found.salt.hex(),
        "index": found.index,
        "size": found.size,
        "path": [each.hex() for each in found.path],
        # Byte for byte as it was signed.
        "manifest": orjson.Fragment(found.manifest),
        "keys": {"keys": found.keys},
    }
    return orjson.dumps(told) + b"\n"


def operation(contract: Contract) -> Doc:
    """Document the proof of one record."""
    name = contract.collection.replace("-", "_")
    refusals = {str(each): problem_name(each) for each in (400, 404, 406, 410, 422, 429)}
    return {
        "operationId": f"read_{name}_proof",
        "summary": f"{contract.title.zh}记录的凭证 The proof of a record of {contract.title.en}",
        "description": _TOLD,
        "parameters": ["release", "If-None-Match"],
        "responses": {
            "200": {
                "description": "凭证 The proof",
                "headers": {"ETag": "ETag", "Link": "Link"},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Proof"}}},
            },
            "304": "NotModified",
            **refusals,
        },
    }
