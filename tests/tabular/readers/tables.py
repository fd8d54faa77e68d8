"""Clean tables with cells that programs like to change."""

from hypothesis import strategies as st

from tests.tabular.readers.cases.model import Clean

COLLECTION = "administrative-penalties"
# Codes and texts; what a date or a number becomes in a workbook is for the cases to say.
COLUMNS = (
    "authority_name",
    "decision_number",
    "counterparty_reg_no",
    "facts",
    "fine_amount",
    "decision_date",
    "remark",
)
HOSTILE = (
    *(
        "",
        " ",
        "0",
        "007",
        "000123456789012345678",
        "1.50",
        "-0",
        "1e5",
        "1E5",
        "1,000",
        "３．４５",
    ),
    *("2020-01-31", "2020/1/31", "43831", "3-5", "TRUE", "true", "null", "NaN", "#REF!", "-"),
    *("=1+1", "@x", "+86", "'x", '"', '""', "a\nb", "a\r\nb", "a\rb", "\t", ";|,", " padded "),
    *("罚款", "處罰", "°", "é", "𠮷", "㐂", "\ufeff", "\u3000", "\u2028", "\x0b", "合计", "注：无"),
)
CELLS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0"), max_size=8),
    st.text("0123456789.-Ee+ ,", max_size=12),
    st.text("罚款金额处罚决定书文号一二三", max_size=6),
)


@st.composite
def tables(draw: st.DrawFn) -> Clean:
    """A table of some columns of a contract, and of none or a few rows."""
    names = draw(st.lists(st.sampled_from(COLUMNS), min_size=2, max_size=5, unique=True))
    row = st.tuples(*[CELLS for _ in names])
    return Clean(COLLECTION, tuple(names), tuple(draw(st.lists(row, max_size=5))))
