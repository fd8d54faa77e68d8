"""Writing an error as Frictionless writes it, in a twentieth of the time.

``Metadata.metadata_export`` looks every attribute up by its name in three cases and copies it
deeply, once for the message and once for the report. An error is made and written once and never
changed in between; that both ways write the same is tested for every class.
"""

from typing import Any

from frictionless import Error
from frictionless.vendors import stringcase


def descriptor_of(error: Error) -> dict[str, Any]:
    """Return what ``error.to_descriptor()`` returns for an error made with all its attributes."""
    return {
        name: value
        for name, attribute in _attributes(type(error))
        if (value := getattr(error, attribute, None)) is not None
    }


def message_of(error: Error) -> str:
    """Return the message that ``Error`` renders from its template."""
    return error.template.format_map(_Lenient(descriptor_of(error)))


class _Lenient(dict[str, Any]):
    """A template may name what an error does not have."""

    def __missing__(self, key: str) -> str:
        return ""


def _attributes(kind: type[Error]) -> tuple[tuple[str, str], ...]:
    """Return the JSON name and the attribute of everything a class of errors exports."""
    found = _KNOWN.get(kind.type)
    if found is None:
        names = kind.metadata_ensure_profile().get("properties", {})
        found = tuple((name, stringcase.snakecase(name)) for name in names)
        _KNOWN[kind.type] = found
    return found


_KNOWN: dict[str, tuple[tuple[str, str], ...]] = {}
