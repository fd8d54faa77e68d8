"""Subjects: what the files of a release are about, as manifest and descriptor tell it."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from opendata.domain.approvals import Withheld
from opendata.domain.catalogue import Agency, Dataset, DisclosureAttribute, Metadata
from opendata.domain.cautions import CautionAnswer, CautionKind, KnownIssue
from opendata.domain.contracts import Contract
from opendata.domain.errors import Text
from opendata.domain.findings import Caution
from opendata.domain.people import Role
from opendata.stages.publish.subject import Subject
from opendata.storage.lake import Snapshot
from opendata.tabular.contract import load, packaged_schemas

# In the one form of documents each member begins a line, and a list ends on one of its own.
_MEMBER = r'^  "{}": ([^\[{{\n].*?|\[\]|\[\n(?:    .*\n)*  \]),?$'
# What no file tells, and none needs.
_NOBODY, _NOWHERE = UUID(int=0), Snapshot(0, "")


def contract_of(told: Mapping[str, Any]) -> Contract:
    """Return the published contract that a manifest names, one of those that ship.

    Raises:
        LookupError: it is another one.
        UnusableContract: it cannot be enforced exactly.
    """
    name = told["contract"]["name"]
    shipped = {f"{each.parent.name}/{each.name}": each for each in packaged_schemas().glob("*/v*")}
    return load(shipped[name]).published


def subject_of(told: Mapping[str, Any], dataset: Dataset) -> Subject:
    """Return what the files of a release are about."""
    withheld = told["withheld"]
    return Subject(
        dataset=dataset,
        contract=contract_of(told),
        number=told["release"],
        version=told["version"],
        corrects=told["corrects"],
        notes=told["notes"],
        snapshot=_NOWHERE,
        released_at=datetime.fromisoformat(told["released_at"]),
        window_ends=(),
        withheld=Withheld(tuple(withheld["columns"]), tuple(withheld["rows"])),
        known_issues=tuple(map(_issue, told["known_issues"])),
        treatments=told["treatments"],
    )


def dataset_of(descriptor: bytes, told: Mapping[str, Any]) -> Dataset:
    """Return what a descriptor says of its dataset; it may be damaged where it says other things.

    Raises:
        ValueError, LookupError: some of it is not there.
    """
    text = descriptor.decode(errors="replace")
    title, description = (
        Text(_member(text, name), _member(text, f"{name}En")) for name in ("title", "description")
    )
    sources = tuple((each["title"], each.get("path", "")) for each in _member(text, "sources"))
    agency = Text(_member(text, "contributors")[0]["title"], "")
    at = datetime.fromisoformat(told["released_at"])
    return Dataset(
        id=told["dataset"],
        collection=told["collection"],
        contract_version=0,
        agency=Agency(_member(text, "agency"), agency, None, None),
        period=_member(text, "period"),
        metadata=Metadata(title, description, DisclosureAttribute.PROACTIVE, "", (), sources),
        registered_at=at,
        modified_at=at,
    )


def _member(text: str, name: str) -> Any:
    r"""Return a member of a document, whether the rest of it can be read or not.

    >>> _member('{\n  "a": [\n    1\n  ],\n  "b": "x"\n', "a")
    [1]
    """
    found = re.search(_MEMBER.format(name), text, re.MULTILINE)
    if found is None:
        raise KeyError(name)
    return json.loads(found[1])


def _issue(told: Mapping[str, Any]) -> KnownIssue:
    caution, answer = Caution.of(told), told["answer"]
    if answer is None:
        return KnownIssue(caution, None)
    given = CautionAnswer(
        number=0,
        kind=CautionKind.of(caution),
        reason=answer["reason"],
        person_id=_NOBODY,
        person=answer["person"],
        role=Role(answer["role"]),
        at=datetime.fromisoformat(answer["at"]),
    )
    return KnownIssue(caution, given)
