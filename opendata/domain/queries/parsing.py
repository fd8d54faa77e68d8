"""Reading the parameters of a request for records into a ``Query``."""

from collections.abc import Iterable

from opendata.domain.contracts import Contract
from opendata.domain.errors import Text
from opendata.domain.queries.model import (
    DEFAULT_FACET_SIZE,
    DEFAULT_LIMIT,
    MAX_FACET_SIZE,
    MAX_FACETS,
    MAX_LIMIT,
    Query,
    sort_keys,
    total,
)
from opendata.domain.queries.reading import Reading


def parse(pairs: Iterable[tuple[str, str]], contract: Contract) -> Query:
    """Check the parameters of a request for records against the published ``contract``.

    Every fault is collected, so that a caller mends a request once.

    Raises:
        BadQuery: with one fault for each parameter that cannot be carried out.
    """
    return _Listing(contract).read(pairs)


def _for_aggregates(name: str) -> Text:
    return Text(
        f"{name} 用于汇总，请在数据类别的 /aggregate 下使用。",
        f"{name} is for totals: ask for them under /aggregate of the collection.",
    )


class _Listing(Reading):
    """A request for records being read."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(contract)
        self.changes["limit"] = DEFAULT_LIMIT

    def fields(self, text: str) -> None:
        names = tuple(dict.fromkeys(text.split(",")))
        if self.known_fields("fields", names):
            self.changes["fields"] = names

    def sort(self, text: str) -> None:
        keys = sort_keys(text.split(","))
        if not self.known_fields("sort", [each.name for each in keys]):
            return
        if len({each.name for each in keys}) < len(keys):
            zh, en = "同一字段只能排序一次。", "A field may be sorted by once only."
            self.faults.note("sort", zh, en)
            return
        self.changes["sort"] = total(keys, self.contract)

    def limit(self, text: str) -> None:
        self.changes["limit"] = self.integer("limit", text, MAX_LIMIT) or DEFAULT_LIMIT

    def count(self, text: str) -> None:
        if text not in ("exact", "none"):
            zh, en = "count 应为 exact 或 none。", "count is exact or none."
            self.faults.note("count", zh, en)
            return
        self.changes["count"] = text == "exact"

    def cursor(self, text: str) -> None:
        self.changes["cursor"] = text

    def facet(self, text: str) -> None:
        names = tuple(dict.fromkeys(text.split(",")))
        if len(names) > MAX_FACETS:
            zh, en = f"至多 {MAX_FACETS} 个分面。", f"There are at most {MAX_FACETS} facets."
            self.faults.note("facet", zh, en)
        elif self.known_fields("facet", names):
            self.changes["facets"] = tuple(self.by_name[each] for each in names)

    def facet_size(self, text: str) -> None:
        size = self.integer("facet_size", text, MAX_FACET_SIZE)
        self.changes["facet_size"] = size or DEFAULT_FACET_SIZE

    controls = {  # noqa: RUF012 - the parent says that it is a ClassVar.
        "fields": fields,
        "sort": sort,
        "limit": limit,
        "count": count,
        "cursor": cursor,
        "as_of": Reading.as_of,
        "release": Reading.release,
        "digest": Reading.digest,
        "q": Reading.search,
        "facet": facet,
        "facet_size": facet_size,
    }
    elsewhere = {  # noqa: RUF012 - the parent says that it is a ClassVar.
        each: _for_aggregates(each) for each in ("group_by", "metrics")
    }
