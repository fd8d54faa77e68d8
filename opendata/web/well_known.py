"""Well-known places (RFC 8615): the public keys with which manifests are checked."""

from typing import Any

from flask import Response
from marshmallow import fields, validate

from opendata.web.access import opened_to, runtime
from opendata.web.forms import Answer
from opendata.web.json import to_bytes
from opendata.web.room import ACCEPT, Room, itself

blp = Room(
    "well_known",
    __name__,
    label="公钥 Public keys",
    description="核对清单签名所用的公钥。The public keys with which manifests are checked.",
)
JWK_SET = "application/jwk-set+json"


class PublicKeyBody(Answer):
    """A public key (RFC 8037), named by its thumbprint (RFC 7638)."""

    kty = fields.String(validate=validate.Equal("OKP"))
    crv = fields.String(validate=validate.Equal("Ed25519"))
    x = fields.String(metadata={"description": "公钥，base64url The key itself"})
    kid = fields.String(metadata={"description": "指纹 Its thumbprint, which names it"})
    use = fields.String(validate=validate.Equal("sig"))


class PublicKeysBody(Answer):
    """A JWK Set (RFC 7517): the key that signs now, then those that did before."""

    keys = fields.List(fields.Nested(PublicKeyBody))


@blp.route("/.well-known/opendata-keys.json", methods=["GET"])
@opened_to()
@itself(ACCEPT)
@blp.doc(operationId="read_signing_keys")
@blp.response(
    200,
    PublicKeysBody,
    description="公钥 The public keys",
    content_type=JWK_SET,
    headers={"ETag": "ETag"},
)
def signing_keys() -> Response:
    """核对签名的公钥 The public keys of manifests

    现用的在前，此前用过的在后，永久列出；清单的 signature.key 指明所用的是哪一个。

    The key that signs now comes first; those that signed before stay listed for good. A manifest's
    signature.key says which it was.
    """
    told: dict[str, Any] = {"keys": runtime().home.signer.public_keys}
    return Response(to_bytes(told), mimetype=JWK_SET)
