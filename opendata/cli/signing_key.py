"""``opendata signing-key``: the key with which manifests are signed."""

import json
from collections.abc import Mapping

import click

from opendata.runtime import Runtime
from opendata.settings import Settings
from opendata.storage import audit


@click.group("signing-key")
def signing_key() -> None:
    """签名密钥 The key with which manifests are signed."""


@signing_key.command("list")
@click.pass_obj
def list_keys(environment: Mapping[str, str]) -> None:
    """Print the public keys as a JWK Set, the one that signs now first."""
    signer = Runtime.of(Settings.from_environment(environment)).home.signer
    click.echo(json.dumps({"keys": signer.public_keys}, indent=2))


@signing_key.command("rotate")
@click.pass_obj
def rotate(environment: Mapping[str, str]) -> None:
    """Sign with a fresh key from now on, and print its name.

    The public key used so far stays listed, and what it signed still holds.
    """
    runtime = Runtime.of(Settings.from_environment(environment))
    fresh = runtime.home.signer.rotate()
    with runtime.home.database.begin() as session:
        audit.append(session, "system", "signing-key-rotated", fresh["kid"], runtime.now())
    click.echo(fresh["kid"])
