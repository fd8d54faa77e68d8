"""What to do about a deadline rule that there is not, or local rules that cannot be used."""

from collections.abc import Mapping

from opendata.domain.errors import Text

ON_DEADLINES: Mapping[str, Text] = {
    "no-such-rule": Text(
        "期限规则页列有全部规则、类别及其适用的日期；请核对名称和起算日。",
        "The page on deadlines lists every rule and family, with the days each is in force for. "
        "Check the name, and the day the term runs from.",
    ),
    "unusable-rules": Text(
        "请运行者按 errors 指出的位置修改本地规则文件；期限只能比法定的更短。",
        "The operator mends the file of local rules where errors says; a term may only be shorter "
        "than the law's.",
    ),
}
