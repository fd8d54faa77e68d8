"""Names that mean something else already, and how a name may be written."""

import re

FIELD_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
COLLECTION_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
VERSION_NAME = re.compile(r"v([1-9][0-9]{0,3})")

CONTROL_PARAMETERS = frozenset(
    [
        "q",
        "fields",
        "sort",
        "limit",
        "cursor",
        "count",
        "release",
        "as_of",
        "digest",
        "format",
        "facet",
        "facet_size",
        "highlight",
        "group_by",
        "metrics",
        "use_labels",
        "with_bom",
        "delimiter",
        "aggregate",
        "schema",
    ]
)
ROUTES = frozenset(
    [
        "datasets",
        "submissions",
        "uploads",
        "requests",
        "compliance",
        "obligations",
        "agencies",
        "annual-reports",
        "complaints",
        "accountability",
        "assessments",
        "assessment-schemes",
        "corrections",
        "keys",
        "tracking",
        "suspensions",
        "overdue-consents",
        "review-bases",
        "api",
        "static",
        "aggregate",
        "schema",
        "docs",
        "about",
        "problems",
        "healthz",
        "readyz",
        "metrics",
        "catalog",
        "feed",
        "openapi",
        "known-issues",
    ]
)


def name_fault(name: str) -> tuple[str, str] | None:
    """Say, in Chinese and English, why a field may not be called ``name``; ``None`` if it may."""
    if name in CONTROL_PARAMETERS:
        return (
            f"字段名“{name}”与查询参数同名",
            f'a field may not be called "{name}": it is a control parameter of queries',
        )
    if FIELD_NAME.fullmatch(name) is None:
        return (
            f"字段名“{name}”只能由小写字母、数字和单个下划线组成，以字母开头",
            f'"{name}" must be lower-case letters, digits and single underscores, and begin '
            "with a letter (a double underscore separates a field from an operator)",
        )
    return None


def ungrouped_alternation(pattern: str) -> bool:
    r"""Say whether ``pattern`` has a ``|`` outside any group.

    Frictionless compiles ``^pattern$`` without a group, so that ``a|b`` means ``^a`` or ``b$``.

    >>> ungrouped_alternation("a|b"), ungrouped_alternation(r"(a|b)[|]\|")
    (True, False)
    """
    depth, in_class, escaped = 0, False, False
    for character in pattern:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and depth == 0:
            return True
    return False
