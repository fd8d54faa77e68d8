"""What to do about an annual report that cannot be read, declared, written or submitted so."""

from collections.abc import Mapping

from opendata.domain.errors import Text

ON_ANNUAL_REPORTS: Mapping[str, Text] = {
    "no-such-annual-report": Text(
        "年度报告在统计数据公布后公开；此前请使用本机关或主管部门的密钥。表号、行号、列号见报告。",
        "A report is public once its figures are; before that, use a key of its agency or of a "
        "supervisor. The codes of tables, rows and columns stand in the report.",
    ),
    "invalid-figure": Text(
        "请按 errors 修改后全部重新申报；表号、行号、列号见年度报告，数按表中写法填写。",
        "Mend it as errors says and declare all of them again; the codes stand in the report, and "
        "figures are written as tables print them.",
    ),
    "invalid-section": Text(
        "年度报告有六个部分，一次各写一遍。请按 errors 修改。",
        "A report has six sections, each written once at a time. Mend it as errors says.",
    ),
    "statistics-not-registered": Text(
        "请承办人先以 POST /api/v1/datasets 登记本机关该年度的政府信息公开统计，再报送年度报告。",
        "The author registers the agency's disclosure-statistics of that year first, with POST "
        "/api/v1/datasets, and submits the report then.",
    ),
    "annual-report-changed": Text(
        "请重新查看报告，核对后再次报送。",
        "Read the report again, and submit it once more.",
    ),
    "annual-report-unfit": Text(
        "请按 errors 逐项补正：申报缺的数（没有发生的报 0），撰写缺的部分，"
        "勾稽关系不成立的核对台账和申报数。",
        "Mend what errors lists: declare missing figures, 0 where there was none; write missing "
        "sections; compare ledger and declared figures where an identity does not hold.",
    ),
}
