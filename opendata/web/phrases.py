"""Bilingual phrases for what the framework refuses in its own words."""

import re

from opendata.domain.errors import Text

_STATUS: dict[int, tuple[str, Text, Text]] = {
    400: (
        "bad-request",
        Text("请求格式有误", "Bad request"),
        Text("请求无法解析，请检查格式。", "The request cannot be read; check its form."),
    ),
    404: (
        "not-found",
        Text("没有找到", "Not found"),
        Text("此地址没有内容。", "There is nothing at this address."),
    ),
    405: (
        "method-not-allowed",
        Text("不支持此方法", "Method not allowed"),
        Text("此地址不支持这种请求方法。", "This address does not take that method."),
    ),
    406: (
        "not-acceptable",
        Text("没有所要的格式", "Not acceptable"),
        Text("没有 Accept 所要求的格式。", "There is no representation that Accept asks for."),
    ),
    408: (
        "request-timeout",
        Text("请求超时", "Request timeout"),
        Text("请求没有在时限内到达。", "The request did not arrive in time."),
    ),
    411: (
        "length-required",
        Text("需要长度", "Length required"),
        Text("请给出 Content-Length。", "Say the Content-Length."),
    ),
    413: (
        "too-large",
        Text("内容过大", "Content too large"),
        Text("请求内容超过上限。", "The request is over the limit."),
    ),
    415: (
        "unsupported-media-type",
        Text("不支持的内容类型", "Unsupported media type"),
        Text("请用正确的 Content-Type 发送。", "Send it with the right Content-Type."),
    ),
    416: (
        "range-not-satisfiable",
        Text("范围无效", "Range not satisfiable"),
        Text("所要的范围不在文件之内。", "The range is not within the file."),
    ),
    422: (
        "invalid-body",
        Text("内容不符合要求", "The content is not acceptable"),
        Text("请求内容不符合要求。", "The request's content is not acceptable."),
    ),
    500: (
        "internal-error",
        Text("服务器内部错误", "Internal error"),
        Text("服务器出错，已记录；请稍后再试。", "The server failed and has noted it."),
    ),
}
_VALIDATION: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), zh)
    for pattern, zh in (
        (r"Missing data for required field\.", "缺少此项。"),
        (r"Unknown field\.", "没有名为此的项。"),
        (r"Field may not be null\.", "不能为空。"),
        (r"Not a valid string\.", "应为文本。"),
        (r"Not a valid integer\.", "应为整数。"),
        (r"Not a valid boolean\.", "应为 true 或 false。"),
        (r"Not a valid list\.", "应为数组。"),
        (r"Not a valid mapping type\.", "应为对象。"),
        (r"Invalid input type\.", "应为 JSON 对象。"),
        (r"Invalid JSON body\.", "不是有效的 JSON。"),
        (r"Not a valid URL\.", "应为网址。"),
        (r"Must be one of: (.+)\.", r"应为以下之一：\1。"),
        (
            r"Must be a text, without control or bidirectional characters\.",
            "须填写文字，且不得含控制字符或改变文字方向的字符。",
        ),
        (r"Length must be between (\d+) and (\d+)\.", r"长度应在 \1 至 \2 之间。"),
        (r"Longer than maximum length (\d+)\.", r"长度不能超过 \1。"),
        (r"Shorter than minimum length (\d+)\.", r"长度不能少于 \1。"),
        (r"Must be greater than or equal to (\S+)\.", r"不能小于 \1。"),
        (r"Must be less than or equal to (\S+)\.", r"不能大于 \1。"),
    )
)


def statuses() -> tuple[int, ...]:
    """Return every HTTP status that has a phrase here."""
    return tuple(_STATUS)


def of_status(status: int) -> tuple[str, Text, Text]:
    """Return code, title and detail of an HTTP status that the framework raised."""
    return _STATUS.get(status, _STATUS[400 if status < 500 else 500])


def of_validation(message: str) -> Text:
    """Return one of marshmallow's messages in both languages."""
    for pattern, zh in _VALIDATION:
        match = pattern.fullmatch(message)
        if match is not None:
            return Text(match.expand(zh), message)
    return Text(f"值不符合要求（{message}）", message)
