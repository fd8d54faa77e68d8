"""Rows and columns of the statutory tables 2, 3 and 4, with their codes, names and units."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``unit`` is that of its figures where the columns name none.

    ``topic`` is what the collection files its figures under, where the table names none; a
    ``supplementary`` row is not part of the form: it may be there, and nobody misses it.
    """

    code: str
    name: str
    unit: str = "件"
    topic: str = ""
    supplementary: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and the unit of its figures."""

    code: str
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that have the same columns; ``title`` is printed above them, where there is one."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    title: str = ""


_ITEMS_CHANGED = (
    Column("items_previous", "上一年项目数量", "项"),
    Column("items_change", "本年增/减", "项"),
)
_DECIDED = (*_ITEMS_CHANGED, Column("decisions", "处理决定数量"))
PROACTIVE_2019 = (
    Block(
        (Row("20.1.1", "规章"), Row("20.1.2", "规范性文件")),
        (
            Column("made", "本年新制作数量"),
            Column("newly_public", "本年新公开数量"),
            Column("public_total", "对外公开总数量"),
        ),
        "第二十条第(一)项",
    ),
    Block(
        (Row("20.5.1", "行政许可"), Row("20.5.2", "其他对外管理服务事项")),
        _DECIDED,
        "第二十条第(五)项",
    ),
    Block((Row("20.6.1", "行政处罚"), Row("20.6.2", "行政强制")), _DECIDED, "第二十条第(六)项"),
    Block((Row("20.8.1", "行政事业性收费"),), _ITEMS_CHANGED, "第二十条第(八)项"),
    Block(
        (Row("20.9.1", "政府集中采购"),),
        (
            Column("procurement_items", "采购项目数量", "项"),
            Column("procurement_amount", "采购总金额", "元"),
        ),
        "第二十条第(九)项",
    ),
)
_DECISIONS = (Column("decisions", "本年处理决定数量"),)
PROACTIVE_2021 = (
    Block(
        (Row("20.1.1", "规章"), Row("20.1.2", "行政规范性文件")),
        (
            Column("issued", "本年制发件数"),
            Column("repealed", "本年废止件数"),
            Column("in_force", "现行有效件数"),
        ),
        "第二十条第(一)项",
    ),
    Block((Row("20.5.1", "行政许可"),), _DECISIONS, "第二十条第(五)项"),
    Block((Row("20.6.1", "行政处罚"), Row("20.6.2", "行政强制")), _DECISIONS, "第二十条第(六)项"),
    Block(
        (Row("20.8.1", "行政事业性收费"),),
        (Column("fees_collected", "本年收费金额", "万元"),),
        "第二十条第(八)项",
    ),
)

APPLICANTS = (
    Column("C1", "自然人"),
    Column("C2", "商业企业"),
    Column("C3", "科研机构"),
    Column("C4", "社会公益组织"),
    Column("C5", "法律服务机构"),
    Column("C6", "其他"),
    Column("C7", "总计"),
)
_RECEIVED = (
    Row("1", "一、本年新收政府信息公开申请数量"),
    Row("2", "二、上年结转政府信息公开申请数量"),
)
_ANSWERED = (
    Row("3.1", "(一)予以公开"),
    Row("3.2", "(二)部分公开(区分处理的,只计这一情形,不计其他情形)"),
    Row("3.3.1", "1.属于国家秘密"),
    Row("3.3.2", "2.其他法律行政法规禁止公开"),
    Row("3.3.3", "3.危及“三安全一稳定”"),
    Row("3.3.4", "4.保护第三方合法权益"),
    Row("3.3.5", "5.属于三类内部事务信息"),
    Row("3.3.6", "6.属于四类过程性信息"),
    Row("3.3.7", "7.属于行政执法案卷"),
    Row("3.3.8", "8.属于行政查询事项"),
    Row("3.4.1", "1.本机关不掌握相关政府信息"),
    Row("3.4.2", "2.没有现成信息需要另行制作"),
    Row("3.4.3", "3.补正后申请内容仍不明确"),
    Row("3.5.1", "1.信访举报投诉类申请"),
    Row("3.5.2", "2.重复申请"),
    Row("3.5.3", "3.要求提供公开出版物"),
    Row("3.5.4", "4.无正当理由大量反复申请"),
    Row("3.5.5", "5.要求行政机关确认或重新出具已获取信息"),
)
_OTHER_2019 = (Row("3.6", "(六)其他处理"),)
_OTHER_2021 = (
    Row("3.6.1", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    Row("3.6.2", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    Row("3.6.3", "3.其他"),
)
_CLOSING = (Row("3.7", "(七)总计"), Row("4", "四、结转下年度继续办理"))
REQUESTS_2019 = Block((*_RECEIVED, *_ANSWERED, *_OTHER_2019, *_CLOSING), APPLICANTS)
REQUESTS_2021 = Block((*_RECEIVED, *_ANSWERED, *_OTHER_2021, *_CLOSING), APPLICANTS)

REVIEWS = Block(
    (
        Row("1", "行政复议"),
        Row("2.1", "行政诉讼-未经复议直接起诉"),
        Row("2.2", "行政诉讼-复议后起诉"),
    ),
    (
        Column("upheld", "结果维持"),
        Column("corrected", "结果纠正"),
        Column("other_result", "其他结果"),
        Column("pending", "尚未审结"),
        Column("total", "总计"),
    ),
)
