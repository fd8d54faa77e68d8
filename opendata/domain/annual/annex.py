"""The statistics annexed to reports on 2008 to 2018, as far as the collection has codes for them.

Source: 国办发〔2014〕32号.
"""

from opendata.domain.annual.rows import Block, Column, Row

_NONE = (Column("none", "数量"),)
_DISCLOSED = tuple(
    Row(code, name, "条", "proactive")
    for code, name in {
        "proactive_items_total": "主动公开政府信息数",
        "proactive_items_gazette": "通过政府公报公开政府信息数",
        "proactive_items_website": "通过政府网站公开政府信息数",
        "proactive_items_social_media": "通过政务微博微信公开政府信息数",
        "proactive_items_news_media": "通过新闻媒体公开政府信息数",
    }.items()
)
_RESPONDED = (
    Row("public_concern_responses", "回应公众关注热点或重大舆情数", "次", "response"),
    Row("press_conferences_total", "举办新闻发布会总次数", "次", "press_conference"),
    Row("online_interviews", "政府网站在线访谈次数", "次", "response"),
    Row("interpretation_articles", "政策解读稿件发布数", "篇", "interpretation"),
    Row("social_media_responses", "微博微信回应事件数", "次", "response"),
)
_ASKED = tuple(
    Row(code, name, "件", "requests")
    for code, name in {
        "requests_received": "收到申请数",
        "requests_in_person": "当面申请数",
        "requests_fax": "传真申请数",
        "requests_online": "网络申请数",
        "requests_letter": "信函申请数",
        "requests_closed": "申请办结数",
        "requests_closed_on_time": "按时办结数",
        "requests_closed_extended": "延期办结数",
        "requests_answered": "申请答复数",
        "answers_already_public": "属于已主动公开范围数",
        "answers_granted": "同意公开答复数",
        "answers_partially_granted": "同意部分公开答复数",
        "answers_refused": "不同意公开答复数",
        "answers_not_this_authority": "不属于本行政机关公开数",
        "answers_not_existing": "申请信息不存在数",
        "answers_clarification_asked": "告知作出更改补充数",
        "answers_other_channel": "告知通过其他途径办理数",
    }.items()
)
# Some reports print one more kind in place of those of the form that they leave out.
_ASKED_OTHERWISE = (Row("answers_other", "其他", "件", "requests", supplementary=True),)
_REVIEWED = tuple(
    Row(code, name, "件", "review_litigation")
    for code, name in {
        "review_cases": "行政复议数量",
        "review_upheld": "维持具体行政行为数",
        "review_corrected": "被依法纠错数(复议)",
        "review_other": "其他情形数(复议)",
        "litigation_cases": "行政诉讼数量",
        "litigation_upheld": "维持具体行政行为或者驳回原告诉讼请求数",
        "litigation_corrected": "被依法纠错数(诉讼)",
        "litigation_other": "其他情形数(诉讼)",
    }.items()
)
_CHARGED = (Row("fees_collected", "依申请公开信息收取的费用", "万元", "fees"),)
BLOCKS = (
    Block(_DISCLOSED, _NONE, "一、主动公开情况"),
    Block(_RESPONDED, _NONE, "二、回应解读情况"),
    Block((*_ASKED, *_ASKED_OTHERWISE), _NONE, "三、依申请公开情况"),
    Block(_REVIEWED, _NONE, "四、五、行政复议和行政诉讼数量"),
    Block(_CHARGED, _NONE, "七、依申请公开信息收取的费用"),
)
