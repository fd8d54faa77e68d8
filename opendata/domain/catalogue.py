"""Datasets and their registration: names, periods, disclosure attribute."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from opendata.domain.contracts import Contract, PeriodKind
from opendata.domain.errors import Conflict, Fault, NotFound, Text, Unprocessable

ROLLING = "rolling"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PERIODS = {
    PeriodKind.YEAR: re.compile(r"(?:19|20)[0-9]{2}"),
    PeriodKind.MONTH: re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])"),
    PeriodKind.ROLLING: re.compile(ROLLING),
}
_PERIOD_FORMS = {
    PeriodKind.YEAR: Text("四位年份，如 2026", "a year, like 2026"),
    PeriodKind.MONTH: Text("年月，如 2026-09", "a month, like 2026-09"),
    PeriodKind.ROLLING: Text("rolling（滚动）", "the word rolling"),
}
MAX_SLUG = 100


class DisclosureAttribute(StrEnum):
    """公开属性, settled at the source before anything is sent in."""

    PROACTIVE = "proactive"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"

    @property
    def label(self) -> Text:
        """The attribute's official name and its translation."""
        return _ATTRIBUTE_LABELS[self]


_ATTRIBUTE_LABELS = {
    DisclosureAttribute.PROACTIVE: Text("主动公开", "proactive disclosure"),
    DisclosureAttribute.ON_REQUEST: Text("依申请公开", "disclosure on request"),
    DisclosureAttribute.WITHHELD: Text("不予公开", "withheld"),
}


@dataclass(frozen=True, slots=True)
class Metadata:
    """What people read about a dataset; may be corrected later, each version a fact.

    ``coordinates_with`` are ids of the agencies whose written consent its publication needs.
    """

    title: Text
    description: Text
    disclosure_attribute: DisclosureAttribute
    attribute_reason: str
    transcribes: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    coordinates_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agency:
    """A publisher. ``uscc`` is its unified social credit code where known, never invented."""

    id: str
    name: Text
    uscc: str | None
    region_code: str | None


@dataclass(frozen=True, slots=True)
class Dataset:
    """One agency's records of one period in one collection (DCAT Dataset)."""

    id: str
    collection: str
    contract_version: int
    agency: Agency
    period: str
    metadata: Metadata
    registered_at: datetime
    modified_at: datetime

    @property
    def series(self) -> str:
        """The agency's datasets in this collection (DCAT DatasetSeries)."""
        return f"{self.agency.id}.{self.collection}"

    @property
    def is_proactive(self) -> bool:
        """Whether it is 主动公开, the only attribute under which anything is published."""
        return self.metadata.disclosure_attribute is DisclosureAttribute.PROACTIVE

    @property
    def publishers(self) -> frozenset[str]:
        """Publisher names its rows may carry: the agency's own, or those it transcribes."""
        return frozenset({self.agency.name.zh, *self.metadata.transcribes})


class NoSuchDataset(NotFound):
    """No dataset has this id."""

    code = "no-such-dataset"


class NoSuchCollection(NotFound):
    """No collection has this name."""

    code = "no-such-collection"


class NoSuchAgency(NotFound):
    """No agency has this id."""

    code = "no-such-agency"


class DatasetExists(Conflict):
    """A dataset of this id, or of the same agency, collection and period, is registered."""

    code = "dataset-exists"


class InvalidRegistration(Unprocessable):
    """The registration does not fit the collection."""

    code = "invalid-registration"


class NotForPublication(Conflict):
    """Only datasets that are 主动公开 take submissions."""

    code = "not-for-publication"


def is_slug(value: str) -> bool:
    """Whether ``value`` may name an agency or a dataset: ``a-z0-9`` in groups joined by ``-``."""
    return len(value) <= MAX_SLUG and _SLUG.fullmatch(value) is not None


def registration_faults(dataset_id: str, period: str, contract: Contract) -> tuple[Fault, ...]:
    """Return what is wrong with a registration's id and period, nothing if nothing is."""
    faults = []
    if not is_slug(dataset_id):
        detail = Text(
            f"数据集编号只能由小写字母、数字和连字符组成，至多 {MAX_SLUG} 个字符。",
            f"A dataset id has lower-case letters, digits and hyphens, at most {MAX_SLUG}.",
        )
        faults.append(Fault("/id", detail, "invalid-slug"))
    if _PERIODS[contract.period].fullmatch(period) is None:
        form = _PERIOD_FORMS[contract.period]
        detail = Text(
            f"数据类别 {contract.collection} 的时段应为{form.zh}。",
            f"The period of {contract.collection} is {form.en}.",
        )
        faults.append(Fault("/period", detail, "invalid-period"))
    return tuple(faults)


def metadata_faults(metadata: Metadata) -> tuple[Fault, ...]:
    """Return what is wrong with a dataset's metadata, nothing if nothing is."""
    proactive = metadata.disclosure_attribute is DisclosureAttribute.PROACTIVE
    if proactive or metadata.attribute_reason.strip():
        return ()
    detail = Text("非主动公开的数据集须说明理由。", "A dataset that is not proactive says why.")
    return (Fault("/attribute_reason", detail, "reason-required"),)


def check_takes_submissions(dataset: Dataset) -> None:
    """Raise ``NotForPublication`` unless the dataset's attribute is 主动公开."""
    attribute = dataset.metadata.disclosure_attribute
    if not dataset.is_proactive:
        raise NotForPublication(
            f"此数据集的公开属性是“{attribute.label.zh}”，只有主动公开的数据集可以报送发布。",
            f"The disclosure attribute is {attribute}; only proactive datasets are published.",
        )
