"""What invented penalties are about: authorities, violations and their legal basis."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of violation.

    ``severe`` is the heaviest penalty it may bring (empty for none beside the fine), and
    ``licence`` what that penalty takes away.
    """

    sector: str
    violation: str
    facts: str
    basis: str
    severe: str = ""
    licence: str = ""
    persons_only: bool = False


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority that does not exist; ``mark`` stands in its document numbers."""

    name: str
    mark: str
    cases: tuple[Case, ...]

    @property
    def market(self) -> bool:
        """Whether it is a market regulator."""
        return self.mark == "市监"


AUTHORITIES = (
    Authority(
        "示例市市场监督管理局（虚构）",
        "市监",
        (
            Case("food", "经营超过保质期的食品", "检查发现货架上待售食品{n}件超过保质期",
                 "《食品安全法》第一百二十四条第一款第（五）项", "吊销许可证件", "食品经营许可证"),
            Case("food", "未取得食品经营许可从事食品经营", "未取得食品经营许可，经营{n}日",
                 "《食品安全法》第一百二十二条第一款"),
            Case("drug", "从无资质单位购进药品", "从不具备药品经营资格的单位购进药品{n}盒",
                 "《药品管理法》第一百二十九条", "吊销许可证件", "药品经营许可证"),
            Case("special_equipment", "使用未经定期检验的特种设备", "在用叉车{n}台超过检验有效期",
                 "《特种设备安全法》第八十四条第（一）项", "责令停产停业"),
            Case("market", "发布虚假广告", "在网页发布与实际不符的广告{n}条",
                 "《广告法》第五十五条第一款"),
        ),
    ),
    Authority(
        "示例市应急管理局（虚构）",
        "应急",
        (
            Case("work_safety", "未按照规定进行安全生产教育和培训", "从业人员{n}人未经培训上岗",
                 "《安全生产法》第九十七条第（三）项", "责令停产停业"),
        ),
    ),
    Authority(
        "示例市消防救援支队（虚构）",
        "消",
        (
            Case("fire", "占用、堵塞疏散通道", "疏散通道堆放货物{n}件",
                 "《消防法》第六十条第一款第（三）项"),
        ),
    ),
    Authority(
        "示例市生态环境局（虚构）",
        "环",
        (
            Case("environment", "超过大气污染物排放标准排放", "排放口颗粒物超过标准，持续{n}小时",
                 "《大气污染防治法》第九十九条第（二）项", "责令停产停业"),
        ),
    ),
    Authority(
        "示例市交通运输局（虚构）",
        "交",
        (
            Case("transport", "车辆超限运输", "货车车货总质量超过限定标准{n}%",
                 "《公路安全保护条例》第六十四条"),
        ),
    ),
    Authority(
        "示例市公安局（虚构）",
        "公",
        (
            Case("public_security", "未取得驾驶证驾驶机动车", "未取得驾驶证，驾车行驶{n}公里被查获",
                 "《道路交通安全法》第九十九条第一款第（一）项", "行政拘留", persons_only=True),
        ),
    ),
    Authority(
        "示例市卫生健康委员会（虚构）",
        "卫",
        (
            Case("health", "未取得公共场所卫生许可证营业", "未取得卫生许可证，营业{n}日",
                 "《公共场所卫生管理条例实施细则》第三十五条"),
        ),
    ),
    Authority(
        "示例市城市管理综合执法局（虚构）",
        "城管",
        (
            Case("urban_management", "擅自在街道两侧堆放物料", "在人行道堆放物料{n}平方米",
                 "《城市市容和环境卫生管理条例》第三十六条第（二）项"),
        ),
    ),
)  # fmt: skip

WORDS = ("晨光", "远山", "清溪", "青禾", "云帆", "松涛", "南湖", "北辰", "金穗", "白鹭", "星河")
TRADES = ("食品", "商贸", "建材", "物流", "药业", "机械", "餐饮管理", "环保科技")
SHOPS = ("小吃店", "便利店", "五金店", "理发店", "药房", "粮油店")
SURNAMES = ("赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈")
GIVEN = ("明", "华", "芳", "强", "丽", "军", "敏", "平")
