"""A small scheme of assessment for the tests."""

SCHEME = """\
id = "tried"
title = "试用方案"
title_en = "A scheme to try"
description = "测试用。"
description_en = "For tests."
basis = "无"
appeal_days = 7

[[group]]
id = "one"
title = "一"
title_en = "One"

[[indicator]]
id = "met"
group = "one"
title = "已公开"
title_en = "Met"
measure = "obligations_met_rate"
weight = 50
linear = { zero = 0.5, full = 1 }
nothing = "left_out"

[[indicator]]
id = "late"
group = "one"
title = "按期"
title_en = "In time"
measure = "requests_late"
weight = 30
deduct = { each = 2.5, free = 1 }
nothing = "full"

[[indicator]]
id = "report"
group = "one"
title = "年报"
title_en = "Report"
measure = "annual_report_on_time"
weight = 20
steps = [{ at_least = 1, points = 20 }]
nothing = "zero"

[[grade]]
id = "passed"
title = "合格"
title_en = "passed"
at_least = 60

[[grade]]
id = "failed"
title = "不合格"
title_en = "failed"
at_least = 0
"""


def scheme_with(old: str, new: str) -> str:
    """Return the scheme with one thing in it written otherwise."""
    return SCHEME.replace(old, new, 1)
