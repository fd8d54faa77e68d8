"""What each problem code means and what to do about it, in words for whoever met it."""

from collections.abc import Mapping

from opendata.domain.errors import Text
from opendata.web.pages.advice_on_annual_reports import ON_ANNUAL_REPORTS
from opendata.web.pages.advice_on_assessments import ON_ASSESSMENTS
from opendata.web.pages.advice_on_complaints import ON_COMPLAINTS
from opendata.web.pages.advice_on_compliance import ON_COMPLIANCE
from opendata.web.pages.advice_on_corrections import ON_CORRECTIONS
from opendata.web.pages.advice_on_deadlines import ON_DEADLINES
from opendata.web.pages.advice_on_files import ON_FILES
from opendata.web.pages.advice_on_keys import ON_KEYS
from opendata.web.pages.advice_on_requests import ON_REQUESTS
from opendata.web.pages.advice_on_review import ON_REVIEW
from opendata.web.pages.advice_on_uploads import ON_UPLOADS

_BY_CODE: Mapping[str, Text] = {
    "bad-query": Text(
        "有字段名、运算或值不合数据规范。请按 errors 指出的参数逐一修改；字段说明页列有全部字段。",
        "A field, an operator or a value is not in the contract. Mend the parameters that errors "
        "names; the field dictionary lists every field.",
    ),
    "invalid-cursor": Text(
        "cursor 只能取自上一页的“下一页”链接，且条件、排序不能改动。请从第一页重新开始。",
        "A cursor comes from the link of the page before, with the same filters and sort. Begin "
        "again at the first page.",
    ),
    "no-such-snapshot": Text(
        "as_of 所指的时刻还没有发布过数据，或快照编号有误。请核对引用地址。",
        "Nothing was published by the moment as_of names, or the snapshot's id is mistyped. "
        "Check the citation.",
    ),
    "changed-since": Text(
        "引用之后，有记录期满或有版本停止公开，数据不再与引用时相同。去掉 digest 参数可取现存部分；"
        "发布版本页说明何时、为何、依据什么。",
        "Since it was cited a window ended or a release was taken out. Leave digest out to get "
        "what is left; the pages of the releases say when, why and on whose authority.",
    ),
    "no-such-record": Text(
        "记录标识不存在。请从数据表中重新打开该记录。",
        "No record has this identifier. Open it from its table again.",
    ),
    "no-proof": Text(
        "此版本发布时尚未签名，或其当前版次正在生成，稍后再试；早期版本可改用 release 参数。",
        "The release is from before releases were signed, or its edition is being built: try again "
        "later, or name another release with release=.",
    ),
    "nothing-to-verify": Text(
        "请给出平台的主目录、含 manifest.json 的目录、平台的地址，或用 --proof 给出凭证。",
        "Name a platform's home, a folder with a manifest.json, a platform, or a proof (--proof).",
    ),
    "gone": Text(
        "内容曾经公开，现因公开期限届满、更正或停止公开而不再提供。发布版本页说明时间、原因和依据。",
        "It was public and is no longer: its window ended, or it was corrected or taken out. The "
        "page of the release says when, why and on whose authority.",
    ),
    "suspended": Text(
        "此发布版本已停止公开。发布版本页载有时间、依据和原因；如有疑问，请联系公开主体。",
        "The release is suspended. Its page says when, why and on whose authority; ask the agency.",
    ),
    "withdrawn": Text(
        "此发布版本已撤回，不能恢复。takedown 载有机关、法律依据、原因和时间；"
        "更正后的版本见数据集页。",
        "The release is withdrawn for good. takedown says on whose authority, on what basis, why "
        "and when; the page of the dataset lists corrected releases.",
    ),
    "already-suspended": Text(
        "此版本已停止公开，确认须由另一人作出，且只需一次。"
        "恢复公开请用 lifting，撤回请用 withdrawal。",
        "It is suspended; another person confirms it, once. Use lifting to put it back, withdrawal "
        "to end it for good.",
    ),
    "already-withdrawn": Text(
        "撤回不能恢复。更正后的内容请作为新的版本报送。",
        "A withdrawal is for good. Send what is corrected as a new release.",
    ),
    "not-suspended": Text(
        "此版本是公开的，无须恢复。可能他人已先行恢复，请查看发布版本。",
        "It is public, and there is nothing to lift. Somebody else may have lifted it; look at the "
        "release.",
    ),
    "second-person-needed": Text(
        "须由两人先后作出，同一人的另一把密钥不算。请由另一名有权的人员以同一请求作出。",
        "It takes two persons, and another key of the same person does not count. Somebody else "
        "with the right role sends the same request.",
    ),
    "too-big-for-xlsx": Text(
        "结果超过一张工作表的行数上限。请改用 CSV 或 Parquet，或先缩小条件。",
        "The answer has more rows than a worksheet. Take CSV or Parquet, or narrow the filters.",
    ),
    "not-additive": Text(
        "逐项按 errors 所示加上分组（group_by）或筛选，使每组只有一种单位、一个层级的记录。",
        "Group or filter by each column that errors names, until a group holds records of one unit "
        "and one level.",
    ),
    "total-too-large": Text(
        "请缩小范围，或分别汇总后用可表示更多位数的工具相加。",
        "Narrow the query, or add up smaller totals with a tool that holds more digits.",
    ),
    "too-many-groups": Text(
        "请按更粗的项分组或缩小条件；只要最前几组时写明 sort 和 limit。",
        "Group by less or narrow the filters; say sort and limit if only the first are wanted.",
    ),
    "too-much-at-once": Text(
        "请增加筛选条件或减少排序、分组的项；需要全部记录的，请从发布版本页下载整个文件。",
        "Add filters, or sort and group by less; if everything is needed, take the whole files "
        "from the pages of the releases.",
    ),
    "invalid-host": Text(
        "请核对请求地址。前置代理改写了 Host 的，请管理员更正，或设置 OPENDATA_PUBLIC_URL。",
        "Check the address that is asked. Where a proxy in front changes Host, its administrator "
        "mends that, or sets OPENDATA_PUBLIC_URL.",
    ),
    "own-submission": Text(
        "报送人不得审查或批准自己报送的数据，须由另外两人分别签署。所报年度报告中有本人申报的数字或者"
        "撰写的文字的，亦同。",
        "Nobody decides on what they sent in, nor on a report that has their figures or words; two "
        "other persons sign.",
    ),
    "already-decided": Text(
        "同一人在同一轮审查中只能发表一次意见。请由另一人办理。",
        "A person decides once in a round. Another person must act.",
    ),
    "not-due": Text(
        "现在等待的不是这一角色的意见。请先查看报送的状态。",
        "Another role's word is awaited now, or none. Look at the submission's state first.",
    ),
    "reason-required": Text(
        "除直接同意公开外，意见须说明理由；理由随发布版本公开。",
        "Any word but a plain disclosure gives its reason, which is published with the release.",
    ),
    "cautions-unanswered": Text(
        "校验报告所附的每种提示都要先由承办人或审查人说明理由；errors 列出尚未说明的各种。",
        "Author or reviewer first answer every kind of caution of the report with a reason; errors "
        "lists those that are not answered.",
    ),
    "own-answer": Text(
        "对提示作出说明的人不得批准同一份报送。请由另一人批准。",
        "Whoever answered a caution does not approve the same submission. Another person must.",
    ),
    "not-answerable": Text(
        "提示在审查期间说明：校验之后、批准之前。请先查看报送的状态。",
        "Cautions are answered while the review lasts: after validation, before the approval. Look "
        "at the submission's state first.",
    ),
    "invalid-answers": Text(
        "提示由 code、name、field 三项共同指明，须与报送所列相同；每种一次，并须说明理由。",
        "code, name and field together name a caution, as the submission lists it; each once, and "
        "with a reason.",
    ),
    "invalid-registration": Text(
        "登记的编号、时段、公开主体或说明不合数据类别的要求。按 errors 逐项修改。",
        "Id, period, agency or metadata do not fit the collection. Mend what errors names.",
    ),
    "metadata-frozen": Text(
        "已批准的报送发布之后再更正，或先取消该报送。公开属性随时可以更改。",
        "Correct it after publication, or cancel first. The attribute can be changed at any time.",
    ),
    "not-for-publication": Text(
        "只有公开属性为“主动公开”的数据集接受报送。",
        "Only datasets whose attribute is proactive disclosure take submissions.",
    ),
    "dataset-exists": Text(
        "此编号，或同一主体、类别、时段的数据集已经登记。请向已有的数据集报送。",
        "A dataset of this id, or of this agency, collection and period, exists. Submit to that.",
    ),
    "nothing-to-correct": Text(
        "corrects 须为此数据集已有的发布版本的编号；如不是更正，请不要给出。",
        "corrects names a release that the dataset has; leave it out where nothing is corrected.",
    ),
    "digest-mismatch": Text(
        "收到的字节与声明的摘要不符，文件在传输中改变。请重新发送。",
        "The bytes are not those announced; the file changed on its way. Send it again.",
    ),
    "truncated-upload": Text(
        "收到的字节少于声明的长度，传输中断。请重新发送。",
        "Fewer bytes arrived than announced. Send it again.",
    ),
    "too-large": Text(
        "文件超过本平台的上限。请压缩列、分拆时段，或联系系统管理员。",
        "The file is over this platform's limit. Split it by period, or ask the administrator.",
    ),
    "marking-busy": Text(
        "正在为其他文件制作标注，一次只做一份。请稍后再试；report.json 和 report.html 随时可取。",
        "Marked workbooks are made one at a time, and others were first. Try again later; "
        "report.json and report.html are there at any time.",
    ),
    "not-comparable": Text(
        "所比较的版本，其当前版次的文件正在生成。请稍后再试。",
        "The files of a release's current edition are being built. Try again later.",
    ),
    "diff-busy": Text(
        "各次比较依次进行，前面还有别的。请稍后再试，或下载两版的文件自行比较。",
        "Releases are compared one pair at a time, and others were first. Try again later, or take "
        "the files of both.",
    ),
    "no-diff": Text(
        "报送待审或待发布时才有变动可看。已发布的，请用两个发布版本之间的 diff。",
        "A submission has a diff while it awaits a word or its publication. Of what is published, "
        "ask for the diff of two releases.",
    ),
    "diff-not-ready": Text(
        "校验通过之后由后台比较，通常几秒即成。请稍后再取。",
        "It is compared in the background after validation, mostly within seconds. Ask again.",
    ),
    "insufficient-storage": Text(
        "平台的存储空间不足。已确认收到的内容没有丢失；请告知系统管理员，腾出空间后再继续。",
        "The platform's disk is full. Nothing acknowledged is lost; tell the administrator, and "
        "go on once there is room.",
    ),
    "idempotency-mismatch": Text(
        "同一 Idempotency-Key 已用于别的内容。请换一个新的键。",
        "This Idempotency-Key was used for something else. Take a fresh one.",
    ),
    "erased": Text(
        "文件及其报告已依法删除，不能再查看；报送的页面载有依据、原因和时间。",
        "The file and its report were erased and cannot be read any more; the submission says on "
        "whose authority, why and when.",
    ),
    "erased-bytes": Text(
        "内容完全相同的文件已被删除，不再接收。请去掉不应保存的内容后重新报送。",
        "A file of exactly these bytes was erased and is not taken in again. Take out what may "
        "not be kept, and send that.",
    ),
    "still-needed": Text(
        "errors 列出仍在使用这些内容的地方。请先退回、不予公开或取消相应的报送；"
        "已发布的文件不能删除，只能撤回。",
        "errors lists what still needs these bytes. Return, withhold or cancel those submissions "
        "first; a published file is not erased, it is withdrawn.",
    ),
    "still-in-flight": Text(
        "同一 Idempotency-Key 的请求尚未结束。请稍候再试。",
        "A request with this Idempotency-Key has not ended. Wait, then try again.",
    ),
    "not-publishable": Text(
        "批准之后另有发布，合并后的数据不再通过校验。请按最新版本重新报送。",
        "Another release came in between and the data no longer passes. Submit it anew.",
    ),
}
_BY_STATUS: Mapping[int, Text] = {
    400: Text(
        "请按返回的 errors 修改请求后重试。", "Mend the request as errors says, and try again."
    ),
    401: Text("请使用有效的密钥。", "Use a valid key."),
    403: Text("请由有权的人员办理。", "A person who is allowed to must do it."),
    404: Text(
        "请核对地址，或从首页检索。地址区分大小写。",
        "Check the address, or search from the front page. Addresses are case-sensitive.",
    ),
    409: Text(
        "请先查看当前状态，再决定如何办理。", "Look at the present state first, then decide."
    ),
    410: Text("内容已不再公开。", "It is no longer public."),
    422: Text(
        "请按返回的 errors 修改内容后重试。", "Mend the content as errors says, and try again."
    ),
    500: Text(
        "不是您的问题，服务器已记录。请稍后再试；如仍出现，请告知管理员。",
        "It is not your fault, and is noted. Try again later; tell the administrator if it stays.",
    ),
}


_ALL = (
    _BY_CODE,
    ON_ANNUAL_REPORTS,
    ON_ASSESSMENTS,
    ON_DEADLINES,
    ON_FILES,
    ON_KEYS,
    ON_COMPLAINTS,
    ON_COMPLIANCE,
    ON_CORRECTIONS,
    ON_REQUESTS,
    ON_REVIEW,
    ON_UPLOADS,
)


def advice_on(code: str, status: int, otherwise: Text) -> Text:
    """Return what to do: about this code, else about its status, else ``otherwise``."""
    known = (each[code] for each in _ALL if code in each)
    return next(known, None) or _BY_STATUS.get(status) or otherwise
