"""What to do about a key that does not open what it should."""

from collections.abc import Mapping

from opendata.domain.errors import Text

ON_KEYS: Mapping[str, Text] = {
    "not-authenticated": Text(
        "此操作需要密钥，且密钥须有效。查询和下载不需要密钥。",
        "This needs a valid key. Querying and downloading need none.",
    ),
    "expired-key": Text(
        "密钥已过有效期。请向系统管理员申请新的密钥。",
        "The key's time has run out. Ask the administrator for a new one.",
    ),
    "wrong-role": Text(
        "密钥所授的角色不能进行此操作。请由具有相应角色的人员办理。",
        "The key's role does not open this. A person with the right role must do it.",
    ),
    "wrong-agency": Text(
        "密钥属于另一公开主体。请使用本单位的密钥。",
        "The key belongs to another agency. Use one of your own agency's.",
    ),
    "mistyped-key": Text(
        "密钥末尾的校验字符与前面不符：抄写有误，或粘贴时漏了字符。请重新复制整把密钥。",
        "The last letters of the key do not fit the others: it was copied wrongly or cut short. "
        "Copy the whole key again.",
    ),
    "wrong-collection": Text(
        "密钥只能用于它所列的数据类别；GET /api/v1/keys/current 列出是哪些。请使用另一把密钥。",
        "The key is good for the collections that GET /api/v1/keys/current lists, and no other. "
        "Use another key.",
    ),
    "too-many-attempts": Text(
        "同一地址一分钟内送来太多无效的密钥。请检查程序所用的密钥，按 Retry-After 所示稍后再试；"
        "有效的密钥不受影响。",
        "Too many keys that do not count came from one address in a minute. Look at the key that a "
        "program sends, and try again after Retry-After; a key that counts is taken all the same.",
    ),
    "key-ended": Text(
        "密钥已撤销或过期，不能再更换。请向系统管理员申请新的密钥。",
        "The key was revoked or has expired, and cannot be renewed. Ask the administrator for one.",
    ),
    "already-rotated": Text(
        "替换它的新密钥已在使用。请改用新密钥；丢失的，请系统管理员撤销后另发一把。",
        "The key in its place is in use. Use that one; if it is lost, the administrator revokes it "
        "and issues another.",
    ),
}
