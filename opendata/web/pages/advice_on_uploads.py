"""What to do about an upload that is not taken, or not gone on with."""

from collections.abc import Mapping

from opendata.domain.errors import Text

ON_UPLOADS: Mapping[str, Text] = {
    "unsupported-tus-version": Text(
        "分段上传的请求须带 Tus-Resumable: 1.0.0。",
        "Requests about uploads carry Tus-Resumable: 1.0.0.",
    ),
    "invalid-upload-header": Text(
        "errors 指出的上传标头缺失或无法解读。请按 tus 1.0.0 改正。",
        "The header that errors names is missing or cannot be read. Mend it by tus 1.0.0.",
    ),
    "no-such-upload": Text(
        "没有这次上传，或它属于他人。请重新登记上传；同一 Idempotency-Key 可找回自己的上传。",
        "There is no such upload, or it is another person's. Announce it again; the same "
        "Idempotency-Key finds one's own.",
    ),
    "upload-expired": Text(
        "上传七天没有续传，收到的内容已删除。请重新上传。",
        "Nothing was added for seven days, and its bytes are dropped. Begin again.",
    ),
    "upload-locked": Text(
        "另一请求正在写入此上传，或前一连接刚刚中断。请稍候再试。",
        "Another request is writing the upload, or its connection has just broken. Wait, then "
        "try again.",
    ),
    "offset-mismatch": Text(
        "请用 HEAD 查询 Upload-Offset，从该处续传。",
        "Ask for Upload-Offset with HEAD, and go on there.",
    ),
    "beyond-length": Text(
        "内容多于登记时声明的长度。请核对文件后重新上传。",
        "There are more bytes than were announced. Look at the file, and begin again.",
    ),
    "checksum-mismatch": Text(
        "这一段在传输中改变，已弃去。请从原处重发。",
        "The part changed on its way and is dropped. Send it again from the same offset.",
    ),
    "too-many-uploads": Text(
        "请先续传或终止未完成的上传。",
        "Go on with unfinished uploads first, or end them.",
    ),
}
