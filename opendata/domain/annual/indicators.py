"""The statistics of 2014 as the form lists them: numbered, in its order, with its headings.

Items that no published report of the collection prints have no code, and are not listed.

Source: 国办发〔2014〕32号.
"""

from typing import NamedTuple


class Indicator(NamedTuple):
    """One line of the form; a heading has no code. ``level`` is how far it is indented."""

    name: str
    level: int = 0
    code: str = ""


INDICATORS = (
    Indicator("一、主动公开情况"),
    Indicator(
        "(一)主动公开政府信息数(不同渠道和方式公开相同信息计1条)", 1, "proactive_items_total"
    ),
    Indicator("(二)通过不同渠道和方式公开政府信息的情况", 1),
    Indicator("1.政府公报公开政府信息数", 2, "proactive_items_gazette"),
    Indicator("2.政府网站公开政府信息数", 2, "proactive_items_website"),
    Indicator("3.政务微博微信公开政府信息数", 2, "proactive_items_social_media"),
    Indicator("4.通过新闻媒体公开政府信息数", 2, "proactive_items_news_media"),
    Indicator("二、回应解读情况"),
    Indicator(
        "(一)回应公众关注热点或重大舆情数(不同方式回应同一热点或舆情计1次)",
        1,
        "public_concern_responses",
    ),
    Indicator("(二)通过不同渠道和方式回应解读的情况", 1),
    Indicator("1.参加或举办新闻发布会总次数", 2, "press_conferences_total"),
    Indicator("2.政府网站在线访谈次数", 2, "online_interviews"),
    Indicator("3.政策解读稿件发布数", 2, "interpretation_articles"),
    Indicator("4.微博微信回应事件数", 2, "social_media_responses"),
    Indicator("三、依申请公开情况"),
    Indicator("(一)收到申请数", 1, "requests_received"),
    Indicator("1.当面申请数", 2, "requests_in_person"),
    Indicator("2.传真申请数", 2, "requests_fax"),
    Indicator("3.网络申请数", 2, "requests_online"),
    Indicator("4.信函申请数", 2, "requests_letter"),
    Indicator("(二)申请办结数", 1, "requests_closed"),
    Indicator("1.按时办结数", 2, "requests_closed_on_time"),
    Indicator("2.延期办结数", 2, "requests_closed_extended"),
    Indicator("(三)申请答复数", 1, "requests_answered"),
    Indicator("1.属于已主动公开范围数", 2, "answers_already_public"),
    Indicator("2.同意公开答复数", 2, "answers_granted"),
    Indicator("3.同意部分公开答复数", 2, "answers_partially_granted"),
    Indicator("4.不同意公开答复数", 2, "answers_refused"),
    Indicator("5.不属于本行政机关公开数", 2, "answers_not_this_authority"),
    Indicator("6.申请信息不存在数", 2, "answers_not_existing"),
    Indicator("7.告知作出更改补充数", 2, "answers_clarification_asked"),
    Indicator("8.告知通过其他途径办理数", 2, "answers_other_channel"),
    # Not of the form: reports that leave some kinds out print one more in their place.
    Indicator("9.其他", 2, "answers_other"),
    Indicator("四、行政复议数量", 0, "review_cases"),
    Indicator("(一)维持具体行政行为数", 1, "review_upheld"),
    Indicator("(二)被依法纠错数", 1, "review_corrected"),
    Indicator("(三)其他情形数", 1, "review_other"),
    Indicator("五、行政诉讼数量", 0, "litigation_cases"),
    Indicator("(一)维持具体行政行为或者驳回原告诉讼请求数", 1, "litigation_upheld"),
    Indicator("(二)被依法纠错数", 1, "litigation_corrected"),
    Indicator("(三)其他情形数", 1, "litigation_other"),
    Indicator("七、依申请公开信息收取的费用", 0, "fees_collected"),
)
