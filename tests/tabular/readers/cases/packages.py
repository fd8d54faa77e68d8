"""ZIP files and Data Packages: the one table inside."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from datasets.build.formats.packages import zipped as packed
from opendata.domain.errors import Text
from tests.tabular.readers.cases.clean import delimited
from tests.tabular.readers.cases.model import Case, Clean
from tests.tabular.readers.cases.objects import arrow, ndjson, parquet

PACKAGE, ZIP = "datapackage", "zip"
Member = tuple[str, bytes]


def csv_of(table: Clean) -> bytes:
    """Write a table as UTF-8 CSV with machine names."""
    return delimited(table.names, table.rows).encode()


def zipped(*members: Member, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Write a ZIP file, packed."""
    return packed(dict(members), method)


def descriptor(*resources: Mapping[str, Any]) -> bytes:
    """Write a descriptor of these resources."""
    return json.dumps({"name": "x", "resources": resources}, ensure_ascii=False, indent=1).encode()


def package(*members: Member, **said: Any) -> bytes:
    """Write a package of one resource, ``data.csv`` unless something else is ``said``."""
    resource = {"name": "data", "path": "data.csv", **said}
    return zipped(("datapackage.json", descriptor(resource)), *members)


def of_csv(**said: Any) -> Callable[[Clean], bytes]:
    """Write a package of the table as CSV, of which this is said."""
    return lambda table: package(("data.csv", csv_of(table)), **said)


def fields(*names: str) -> Mapping[str, Any]:
    """Return a schema of these columns."""
    return {"fields": [{"name": name} for name in names]}


def two_resources(first: Mapping[str, Any], second: Mapping[str, Any]) -> Callable[[Clean], bytes]:
    """Write a package of the table and of another, each with a schema."""

    def make(table: Clean) -> bytes:
        said = descriptor(
            {"name": "other", "path": "other.csv", "schema": first},
            {"name": "data", "path": "data.csv", "schema": second},
        )
        members = (("other.csv", b"alpha,beta\n1,2\n"), ("data.csv", csv_of(table)))
        return zipped(("datapackage.json", said), *members)

    return make


def digested(**wrong: Any) -> Callable[[Clean], bytes]:
    """Write a package that says size and digest of its file."""

    def make(table: Clean) -> bytes:
        content = csv_of(table)
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        said = {"bytes": len(content), "hash": digest, **wrong}
        return package(("data.csv", content), **said)

    return make


def inline(table: Clean) -> bytes:
    """Write a descriptor with the records inside."""
    data = [json.loads(line, parse_float=str, parse_int=str) for line in ndjson(table).splitlines()]
    return descriptor({"name": "data", "data": data})


def link(table: Clean) -> bytes:
    """Write a ZIP whose only file is a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("data.csv")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def gbk_name(table: Clean) -> bytes:
    """Write a ZIP whose member has a Chinese name, as old Windows programs do."""
    name = "处罚.csv".encode("gb18030").decode("cp437")
    content = zipped((name, csv_of(table)))
    # Python writes what is not ASCII as UTF-8 and says so; the old programs did neither.
    old = name.encode("cp437")
    new = name.encode()
    assert content.count(new) == 2
    return rewritten_names(content, new, old)


def rewritten_names(content: bytes, new: bytes, old: bytes) -> bytes:
    """Put another name of another length into a ZIP of one member, and clear the UTF-8 flag."""
    shift = len(new) - len(old)
    directory = content.rindex(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    local = bytearray(content[:directory].replace(new, old, 1))
    central = bytearray(content[directory:end].replace(new, old, 1))
    tail = bytearray(content[end:])
    local[6:8] = central[8:10] = b"\x00\x00"
    local[26:28] = central[28:30] = len(old).to_bytes(2, "little")
    tail[12:16] = (len(central)).to_bytes(4, "little")
    tail[16:20] = (directory - shift).to_bytes(4, "little")
    return bytes(local + central + tail)


def foldered(table: Clean) -> bytes:
    """Write a package inside a folder, with what macOS adds."""
    said = descriptor({"name": "data", "path": "data/data.csv"})
    return zipped(
        ("x/", b""),
        ("x/datapackage.json", said),
        ("x/data/data.csv", csv_of(table)),
        ("__MACOSX/x/._data.csv", b"\x00\x05"),
        ("x/.DS_Store", b"\x00"),
    )


CASES = (
    Case(
        "CSV",
        PACKAGE,
        Text("描述文件与 CSV", "A descriptor and a CSV"),
        of_csv(mediatype="text/csv", encoding="utf-8"),
        "a.zip",
        "application/zip",
    ),
    Case(
        "in a folder",
        PACKAGE,
        Text("全部放在一个文件夹里", "All of it inside one folder"),
        foldered,
        "a.zip",
    ),
    Case(
        "NDJSON",
        PACKAGE,
        Text("资源是 NDJSON", "The resource is NDJSON"),
        lambda table: package(("data.ndjson", ndjson(table)), path="data.ndjson"),
        "a.zip",
    ),
    Case(
        "Parquet",
        PACKAGE,
        Text("资源是 Parquet", "The resource is Parquet"),
        lambda table: package(("d.parquet", parquet(arrow(table))), path=["d.parquet"]),
        "a.zip",
    ),
    Case(
        "encoding",
        PACKAGE,
        Text("描述文件写明编码为 GBK", "The descriptor says GBK"),
        lambda table: package(("data.csv", csv_of(table).decode().encode("gbk")), encoding="gbk"),
        "a.zip",
    ),
    Case(
        "delimiter",
        PACKAGE,
        Text("描述文件写明分号分隔", "The descriptor says semicolons"),
        lambda table: package(
            ("data.csv", delimited(table.names, table.rows, ";").encode()),
            dialect={"csv": {"delimiter": ";"}},
        ),
        "a.zip",
    ),
    Case(
        "digest",
        PACKAGE,
        Text("描述文件写明大小和摘要", "The descriptor says size and digest"),
        digested(),
        "a.zip",
    ),
    Case(
        "one of two",
        PACKAGE,
        Text(
            "两个资源，只有一个的字段属于数据规范",
            "Two resources, the columns of one are the contract's",
        ),
        two_resources(fields("alpha", "beta"), fields("decision_number", "party_no")),
        "a.zip",
    ),
    Case(
        "data inside",
        PACKAGE,
        Text("记录写在描述文件内", "The records inside the descriptor"),
        inline,
        "datapackage.json",
        "application/json",
    ),
    Case(
        "one file",
        ZIP,
        Text("压缩包里只有一个表格文件", "One table file, and no descriptor"),
        lambda table: zipped(("a.csv", csv_of(table))),
        "a.zip",
    ),
    Case(
        "table and notes",
        ZIP,
        Text("一个表格文件和其他文件", "One table file among others"),
        lambda table: zipped(("说明.txt", "说明".encode()), ("表/处罚.csv", csv_of(table))),
        "a.zip",
    ),
    Case("GBK name", ZIP, Text("成员名用 GBK 编码", "A member's name in GBK"), gbk_name, "a.zip"),
    Case(
        "stored",
        ZIP,
        Text("未压缩的成员", "Members that are not packed"),
        lambda table: zipped(("a.csv", csv_of(table)), method=zipfile.ZIP_STORED),
        "a.zip",
    ),
    Case(
        "called CSV",
        ZIP,
        Text("压缩包扩展名为 .csv：以内容为准", "An archive called .csv: the content decides"),
        lambda table: zipped(("a.csv", csv_of(table))),
        "a.csv",
        notes=("declared-otherwise",),
    ),
    Case(
        "wrong encoding",
        PACKAGE,
        Text("编码与描述文件不符", "Another encoding than the descriptor says"),
        lambda table: package(("data.csv", b"\xef\xbb\xbf" + csv_of(table)), encoding="gbk"),
        "a.zip",
        refused=("descriptor-contradicts", ("/resources/0/encoding",)),
    ),
    Case(
        "wrong delimiter",
        PACKAGE,
        Text("分隔符与描述文件不符", "Another delimiter than the descriptor says"),
        of_csv(dialect={"delimiter": ";"}),
        "a.zip",
        refused=("descriptor-contradicts", ("/resources/0/dialect",)),
    ),
    Case(
        "no header",
        PACKAGE,
        Text("描述文件说没有表头", "The descriptor says that there is no header"),
        of_csv(dialect={"header": False}),
        "a.zip",
        refused=("descriptor-contradicts", ("/resources/0/dialect",)),
    ),
    Case(
        "wrong size",
        PACKAGE,
        Text("大小与描述文件不符", "Another size than the descriptor says"),
        digested(bytes=7),
        "a.zip",
        refused=("descriptor-contradicts", ("/resources/0/bytes",)),
    ),
    Case(
        "wrong digest",
        PACKAGE,
        Text("摘要与描述文件不符", "Another digest than the descriptor says"),
        digested(hash="0" * 32),
        "a.zip",
        refused=("descriptor-contradicts", ("/resources/0/hash",)),
    ),
    Case(
        "URL",
        PACKAGE,
        Text("描述文件指向网址：不去取", "The descriptor names a URL: never fetched"),
        of_csv(path="https://example.org/data.csv"),
        "a.zip",
        refused=("remote-path", ("/resources/0/path",)),
    ),
    Case(
        "other host",
        PACKAGE,
        Text("描述文件指向另一台机器", "The descriptor names another host"),
        of_csv(path="//host/data.csv"),
        "a.zip",
        refused=("remote-path", ("/resources/0/path",)),
    ),
    Case(
        "absolute path",
        PACKAGE,
        Text("描述文件写绝对路径", "The descriptor names an absolute path"),
        of_csv(path="/etc/passwd"),
        "a.zip",
        refused=("unsafe-path", ("/resources/0/path",)),
    ),
    Case(
        "path upwards",
        PACKAGE,
        Text("描述文件的路径含 ..", "The descriptor's path goes upwards"),
        of_csv(path="../data.csv"),
        "a.zip",
        refused=("unsafe-path", ("/resources/0/path",)),
    ),
    Case(
        "no such file",
        PACKAGE,
        Text("压缩包里没有所指的文件", "The archive has not what is named"),
        of_csv(path="other.csv"),
        "a.zip",
        refused=("no-such-member", ("/resources/0/path",)),
    ),
    Case(
        "descriptor alone",
        PACKAGE,
        Text("只有描述文件", "The descriptor alone"),
        lambda _: descriptor({"name": "data", "path": "data.csv"}),
        "datapackage.json",
        refused=("no-such-member", ("/resources/0/path",)),
    ),
    Case(
        "several files",
        PACKAGE,
        Text("一个资源分成几个文件", "A resource in several files"),
        of_csv(path=["a.csv", "b.csv"]),
        "a.zip",
        refused=("broken-descriptor", ("/resources/0/path",)),
    ),
    Case(
        "no resource",
        PACKAGE,
        Text("描述文件没有资源", "A descriptor without a resource"),
        lambda table: zipped(("datapackage.json", descriptor()), ("data.csv", csv_of(table))),
        "a.zip",
        refused=("no-table", ("/resources",)),
    ),
    Case(
        "broken descriptor",
        PACKAGE,
        Text("描述文件不是 JSON", "The descriptor is no JSON"),
        lambda table: zipped(("datapackage.json", b"{"), ("data.csv", csv_of(table))),
        "a.zip",
        refused=("broken-descriptor", ("/byte/0",)),
    ),
    Case(
        "both fit",
        PACKAGE,
        Text("两个资源都符合数据规范", "Two resources fit the contract"),
        two_resources(fields("decision_number", "party_no"), fields("decision_number", "party_no")),
        "a.zip",
        refused=("several-tables", ("/resources/0", "/resources/1")),
    ),
    Case(
        "several tables",
        ZIP,
        Text("压缩包里有两个表格文件", "Two table files in an archive"),
        lambda table: zipped(("a.csv", csv_of(table)), ("b.xlsx", b"")),
        "a.zip",
        refused=("several-tables", ("/member/a.csv", "/member/b.xlsx")),
    ),
    Case(
        "no table",
        ZIP,
        Text("压缩包里没有表格文件", "No table file in an archive"),
        lambda _: zipped(("a.txt", b"x"), ("b.pdf", b"y")),
        "a.zip",
        refused=("no-table", ()),
    ),
    Case(
        "empty",
        ZIP,
        Text("空的压缩包", "An empty archive"),
        lambda _: zipped(),
        "a.zip",
        refused=("empty-file", ()),
    ),
    Case(
        "symbolic link",
        ZIP,
        Text("压缩包里是符号链接", "A symbolic link in an archive"),
        link,
        "a.zip",
        refused=("unsafe-path", ("/member/data.csv",)),
    ),
)
