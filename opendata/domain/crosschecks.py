"""One collection held against another: what was compared, as a list and by its columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from opendata.domain.contracts import Field
from opendata.domain.errors import Text
from opendata.domain.listings import Listing, Row, needed

_PLACES = 6
_LARGEST = 10**24


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Two figures of one publisher and year that should agree, and whether they do.

    ``rule`` is the rule's name in the contracts (``x-pen``), ``relation`` what should hold of
    ``expected`` and ``found``; ``releases`` are those whose records were compared, by dataset and
    number.
    """

    rule: str
    description: Text
    basis: str | None
    collection: str
    other: str
    publisher: str
    year: int
    relation: str
    expected: Decimal
    found: Decimal
    holds: bool
    releases: tuple[tuple[str, int], ...]


def _figure(name: str, title: Text, description: Text, example: str) -> Field:
    limits = {"required": True, "minimum": -_LARGEST, "maximum": _LARGEST}
    return Field(name, "number", title, description, example, limits, decimal_places=_PLACES)


CROSS_CHECKS = Listing(
    name="cross-checks",
    title=Text("跨类数据核对", "checks across collections"),
    description=Text(
        "同一公开主体、同一年度在不同数据类别中公布的数字是否相符，依现行发布版本计算。"
        "只有一方已公布的不核对。不相符不一定有错：口径可以不同，说明见各版本的已知问题。",
        "Whether the figures of one publisher and year in different collections agree, by the "
        "releases that are current. Where only one side is published nothing is compared. What "
        "does not agree need not be wrong, as they may count otherwise: see the known issues of "
        "the releases.",
    ),
    fields=(
        needed("publisher_name", "string", Text("公开主体", "Publisher"),
               Text("双方数据中的公开主体名称。", "The publisher as both collections name it."),
               "示例县市场监督管理局（虚构）"),
        needed("year", "integer", Text("年度", "Year"),
               Text("数字所属的年度。", "The year the figures are about."), "2020"),
        needed("rule", "string", Text("规则", "Rule"),
               Text("规则在数据规范中的名称。", "The rule's name in the contracts."), "x-pen"),
        needed("description", "string", Text("内容", "What"),
               Text("应当怎样。", "What ought to hold."),
               "一年的行政处罚决定不应多于本机关年度报告表二的处理决定数量。"),
        Field("basis", "string", Text("依据", "Basis"),
              Text("法律依据。", "The legal basis."), "《政府信息公开条例》第二十条", {}),
        needed("collection", "string", Text("数据类别", "Collection"),
               Text("一方数据。", "One side."), "administrative-penalties"),
        needed("other", "string", Text("另一数据类别", "Other collection"),
               Text("另一方数据。", "The other side."), "disclosure-statistics"),
        needed("relation", "string", Text("关系", "Relation"),
               Text("两个数之间应有的关系。", "What should hold of the two."),
               "Σ decision_number <= disclosure-statistics.value"),
        _figure("expected", Text("应为", "Expected"),
                Text("“<=”的左边，或者另一方的金额（元）。",
                     "The left side of <=, or the other side's amount in 元."), "3"),
        _figure("found", Text("实为", "Found"),
                Text("“<=”的右边，或者一方的金额（元）。",
                     "The right side of <=, or one side's amount in 元."), "2"),
        needed("holds", "boolean", Text("是否相符", "Agrees"),
               Text("两个数是否相符。", "Whether the two agree."), "false"),
        needed("releases", "string", Text("所用版本", "Releases"),
               Text("所核对的记录所在的数据集和版本号，以半角分号分隔。",
                    "The datasets and releases whose records were compared, separated by "
                    "semicolons."),
               "penalties#1;statistics-2020#2"),
    ),
    key=("publisher_name", "year", "rule"),
    default_sort=("-year", "rule"),
    searchable=("publisher_name", "description"),
)  # fmt: skip


def rows(checks: Iterable[CrossCheck]) -> list[Row]:
    """Return checks as rows of the list."""
    return [
        {
            "publisher_name": each.publisher,
            "year": each.year,
            "rule": each.rule,
            "description": each.description.zh,
            "basis": each.basis,
            "collection": each.collection,
            "other": each.other,
            "relation": each.relation,
            "expected": round(each.expected, _PLACES),
            "found": round(each.found, _PLACES),
            "holds": each.holds,
            "releases": ";".join(f"{dataset}#{number}" for dataset, number in each.releases),
        }
        for each in checks
    ]
