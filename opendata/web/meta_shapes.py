"""What an answer says of itself: JSON Schemas of ``meta``, of facets and of groups."""

from typing import Any

Doc = dict[str, Any]

_META: dict[str, Doc] = {
    "collection": {"type": "string", "description": "数据类别 The collection"},
    "contract": {"type": "string", "description": "数据规范 Its contract, like budgets/v1"},
    "snapshot": {
        "type": ["string", "null"],
        "description": "快照编号；尚未发布时为空 The snapshot; null before the first release",
    },
    "edition": {
        "type": ["string", "null"],
        "format": "date",
        "description": "版次：自何日起内容如此 The day since which the answer is what it is",
    },
    "digest": {
        "type": "string",
        "description": "所示状态的 SHA-256（各发布版本的清单及版次） "
        "SHA-256 of the state shown: the manifests of its releases, and the edition",
    },
    "published_at": {
        "type": ["string", "null"],
        "format": "date-time",
        "description": "此快照的发布时间 When the snapshot became current",
    },
    "releases": {
        "type": "object",
        "description": "所含数据集及其发布版本 Its datasets and the release of each",
        "additionalProperties": {"type": "integer"},
    },
    "known_issues": {
        "type": "object",
        "description": "其中有已知问题的数据集及其种数，详见 links.known_issues "
        "Those of its datasets with known issues, and how many kinds; see links.known_issues",
        "additionalProperties": {"type": "integer"},
    },
    "licence": {"type": "string", "description": "使用许可 The terms of reuse"},
}
_TAKEN_DOWN: Doc = {
    "type": "array",
    "description": "此快照原有、现已停止公开或撤回的发布版本；指定快照（as_of、cursor）时给出 "
    "Releases that the snapshot had and that are not public any more; with as_of or a cursor",
    "items": {"$ref": "#/components/schemas/Takedown"},
}
_ENDED: Doc = {
    "type": "object",
    "description": "此状态中公开期限已届满、不再给出的记录数及所依规定；指定 as_of、release 时给出 "
    "How many records of the state are not given any more as their windows ended, and under "
    "which rules; with as_of or release",
    "required": ["records"],
    "properties": {
        "records": {"type": "integer"},
        "rules": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["rule", "label", "records"],
                "properties": {
                    "rule": {"type": ["string", "null"]},
                    "label": {"type": ["string", "null"]},
                    "records": {"type": "integer"},
                },
            },
        },
    },
}
_TOTAL: Doc = {
    "type": "integer",
    "description": "符合条件的记录数；count=exact 时给出 How many match; with count=exact",
}
_SAME: Doc = {
    "type": "boolean",
    "description": "是否仍是所引用的状态；digest=… 时给出 "
    "Whether the state is still the one that was cited; with digest=",
}
_FACETS: Doc = {
    "type": "object",
    "description": "各 facet 字段的值及其条数，多者在前；facet=… 时给出 "
    "The values of each facet and how many records have them, most frequent first; with facet=",
    "additionalProperties": {"type": "array", "items": {"$ref": "#/components/schemas/Facet"}},
}
_FACET: Doc = {
    "type": "object",
    "description": "一个值及其条数 One value, and how many records have it",
    "required": ["value", "count"],
    "properties": {
        "value": {
            "type": ["string", "number", "boolean", "null"],
            "description": "值；空值为 null The value; null where there is none",
        },
        "label": {"type": "string", "description": "代码的中文名称 The label of a code"},
        "count": {"type": "integer", "description": "条数 How many records"},
    },
}
_GROUPS: Doc = {
    "type": "integer",
    "description": "总组数，不受 limit 限制 How many groups there are, whatever the limit",
}
# One group; its properties are what was asked for.
GROUP: Doc = {
    "type": "object",
    "description": "一组：分组各项与指标，名称与所求相同 "
    "One group: its keys and metrics, named as they were asked for",
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
}


def shared() -> dict[str, Doc]:
    """Return the schemas of ``meta`` in every kind of answer, by the name of their component."""
    counted = {
        "type": "object",
        "properties": {"total": _TOTAL, "facets": _FACETS, "same": _SAME},
    }
    groups = {
        "type": "object",
        "required": ["groups"],
        "properties": {"groups": _GROUPS, "same": _SAME},
    }
    common = {"$ref": "#/components/schemas/Meta"}
    return {
        "Meta": {
            "type": "object",
            "required": list(_META),
            "properties": {**_META, "taken_down": _TAKEN_DOWN, "ended": _ENDED},
            "description": "答复出自何处 What the answer comes from",
        },
        "PageMeta": {"allOf": [common, counted]},
        "TotalsMeta": {"allOf": [common, groups]},
        "Facet": _FACET,
    }
