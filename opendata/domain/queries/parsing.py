"""Reading the parameters of a request for records into a ``Query``."""

from collections.abc import Iterable, Sequence

from opendata.domain.contracts import Contract, Field
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
from opendata.domain.values import NotAValue, Value, read_value


def parse(pairs: Iterable[tuple[str, str]], contract: Contract) -> Query:
    """Check the parameters of a request for records against the published ``contract``.

    Every fault is collected, so that a caller mends a request once.

    Raises:
        BadQuery: with one fault for each parameter that cannot be carried out.
    """
    return _Listing(contract).read(pairs)


def parse_listing(
    pairs: Iterable[tuple[str, str]], contract: Contract, parameters: Sequence[Field]
) -> tuple[Query, dict[str, Value | None]]:
    """Check the parameters of a request for a listing, which has no snapshots and releases.

    ``parameters`` are those that its rows depend on, beside every list's own; their values are
    returned by name, ``None`` where they are not given.

    Raises:
        BadQuery: with one fault for each parameter that cannot be carried out.
    """
    reading = _OfFacts(contract, parameters)
    return reading.read(pairs), reading.given


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


class _OfFacts(_Listing):
    """A request for rows that are worked out of the facts as they are now."""

    def __init__(self, contract: Contract, parameters: Sequence[Field]) -> None:
        super().__init__(contract)
        self.parameters = {each.name: each for each in parameters}
        self.given: dict[str, Value | None] = dict.fromkeys(self.parameters)

    @property
    def known(self) -> list[str]:
        return [*super().known, *self.parameters]

    def _take_filter(self, name: str, text: str) -> None:
        field = self.parameters.get(name)
        if field is None:
            super()._take_filter(name, text)
        elif name in self.seen:
            self.only_once(name)
        else:
            self.seen.add(name)
            self._read_parameter(field, text)

    def _read_parameter(self, field: Field, text: str) -> None:
        try:
            self.given[field.name] = read_value(field, text)
        except NotAValue as error:
            self.not_a_value(field.name, text, error)

    controls = {  # noqa: RUF012 - the parent says that it is a ClassVar.
        name: each
        for name, each in _Listing.controls.items()
        if name not in ("as_of", "release", "digest")
    }
    elsewhere = {}  # noqa: RUF012 - the parent says that it is a ClassVar.
