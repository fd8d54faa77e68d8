"""Assessments as a list: the columns by which they are asked for, exported and documented."""

from opendata.domain.assessment.words import State
from opendata.domain.contracts import Category, Field
from opendata.domain.errors import Text
from opendata.domain.listings import Listing, needed

_STATES = tuple(Category(each.value, each.label.zh) for each in State)

ASSESSMENTS = Listing(
    name="assessments",
    title=Text("政务公开考核", "assessments"),
    description=Text(
        "各公开主体的考核得分和等次。确认后公开；此前只有本主体和主管部门可见。",
        "The score and grade of each agency. Public once confirmed; before that the agency itself "
        "and its supervisors see them.",
    ),
    fields=(
        needed("id", "string", Text("标识", "Id"),
               Text("接口中的标识。", "Its id in the API."),
               "3f2a1b0c-0000-4000-8000-000000000000"),
        needed("agency", "string", Text("公开主体", "Agency"),
               Text("被考核的公开主体的编号。", "Whose disclosure it is about."), "county-office"),
        needed("agency_name", "string", Text("主体名称", "Name"),
               Text("公开主体的名称。", "The agency's name."), "示例县人民政府（虚构）"),
        needed("scheme", "string", Text("考核方案", "Scheme"),
               Text("方案的编号。", "By which scheme."), "guyuan-sample"),
        needed("period", "string", Text("考核期", "Period"),
               Text("年、半年、季度或月。", "A year, half a year, a quarter or a month."), "2025"),
        needed("number", "integer", Text("次", "Number"),
               Text("同一考核期的第几次考核。", "Which assessment of the period it is."), "1"),
        Field("state", "string", Text("状态", "State"),
              Text("是否确认，有无申诉。", "Whether it is confirmed, or appealed."),
              State.CONFIRMED.value,
              {"required": True, "enum": [each.value for each in State]}, _STATES),
        Field("score", "number", Text("得分", "Score"),
              Text("百分制，含申诉后的调整。", "Out of a hundred, as adjusted on appeal."), "87.5",
              {"required": True}, decimal_places=2, unit="分"),
        needed("grade", "string", Text("等次", "Grade"),
               Text("方案所定等次的编号。", "The grade's id in the scheme."), "passed"),
        needed("assessed_on", "date", Text("考核日期", "Assessed on"),
               Text("考核之日。", "The day it was assessed."), "2026-02-02"),
        Field("confirmed_on", "date", Text("确认日期", "Confirmed on"),
              Text("确认并公开之日。", "The day it was confirmed and became public."),
              "2026-02-12", {}),
    ),
    key=("id",),
    default_sort=("-assessed_on", "agency", "scheme", "period"),
    searchable=("agency_name",),
)  # fmt: skip
