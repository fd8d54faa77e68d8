"""What to do about a file that could not be read: one entry for each code of the readers."""

from collections.abc import Mapping

from opendata.domain.errors import Text

_TEXT: Mapping[str, Text] = {
    "unreadable": Text(
        "请在表格软件中打开文件，另存后重新上传。", "Open it in a spreadsheet, save it anew."
    ),
    "empty-file": Text("请上传含表头和数据的文件。", "Send a file with a header and records."),
    "not-utf8": Text(
        "文件不是 UTF-8，也无法按 GB18030、Big5 或 UTF-16 读取。请另存为“CSV UTF-8”，"
        "或在上传时写明 charset。",
        "It is not UTF-8, and cannot be read as GB18030, Big5 or UTF-16. Save it as “CSV UTF-8”, "
        "or state its charset.",
    ),
    "undecodable": Text(
        "有字节不属于所声明或所识别的编码，文件可能已损坏。请重新导出，或改正 charset。",
        "Some bytes are not in its encoding: it may be damaged. Export it anew, or mend the "
        "charset.",
    ),
    "unknown-charset": Text(
        "请把 charset 写成 utf-8、gb18030、gbk、big5 或 utf-16，或另存为“CSV UTF-8”。",
        "State utf-8, gb18030, gbk, big5 or utf-16, or save it as “CSV UTF-8”.",
    ),
    "ambiguous-encoding": Text(
        "请另存为“CSV UTF-8”，或在上传时写明 Content-Type: text/csv; charset=gbk"
        "（命令行：--charset gbk）。",
        "Save it as “CSV UTF-8”, or send it with Content-Type: text/csv; charset=gbk (command "
        "line: --charset gbk).",
    ),
    "ambiguous-delimiter": Text("请只用一种列分隔符。", "Use one delimiter only."),
    "other-delimiter": Text(
        "列之间请用英文逗号、制表符、英文分号或竖线。",
        "Divide the columns by commas, tabs, semicolons or vertical bars.",
    ),
    "not-a-table": Text(
        "文件不是表格。请上传 CSV、XLSX、XLS、ODS、NDJSON、JSON、Parquet 或 Data Package。",
        "The file is no table. Send CSV, XLSX, XLS, ODS, NDJSON, JSON, Parquet or a Data Package.",
    ),
    "broken-quoting": Text(
        "有引号没有成对。请检查所指行附近的引号；单元格内的引号写成两个。",
        "A quotation mark is not closed. Look near the line named; double the marks inside cells.",
    ),
    "line-too-long": Text(
        "请检查所指行是否缺少换行。", "See whether line ends are missing near the line named."
    ),
}
_TABLE: Mapping[str, Text] = {
    "no-header": Text(
        "前 50 行中须有一行写明各列的中文列名或英文字段名，见字段说明。",
        "One of the first 50 rows has to hold the titles or names of the columns; see the "
        "dictionary.",
    ),
    "several-headers": Text("请只保留一行表头。", "Keep one row as the header."),
    "split-header": Text(
        "请把表头写在同一行，每列一格，不合并。", "Put the header into one row, unmerged."
    ),
    "unit-contradicts": Text(
        "平台不换算单位。请按数据规范的单位填写，并改正表头。",
        "Nothing is converted. State the figures in the contract's unit, and mend the header.",
    ),
    "trailing-note": Text(
        "请删去表格下方的说明，或写入相应的列。", "Remove the notes below the table."
    ),
    "totals-row": Text("请删去表格下方的合计行。", "Remove the totals below the table."),
    "damaged-identifier": Text(
        "末尾数字已丢失，无法还原。请从原系统重新导出，并把编号列设为“文本”。",
        "The last digits are gone. Export the data anew, with the column of codes as text.",
    ),
    "too-many-columns": Text(
        "请检查列分隔符和换行，删去表格以外的列。",
        "Check the delimiter and the line ends; delete what is outside the table.",
    ),
    "cell-too-large": Text(
        "请检查所指单元格的内容。", "Look at what is in the cell that is named."
    ),
    "several-sheets": Text(
        "请只保留要报送的工作表，或把其他工作表的表头改名。",
        "Keep the sheet that is to be sent, or rename the headers of the others.",
    ),
    "merged-cells": Text(
        "请取消表格内的合并，每格填写各自的值。", "Unmerge the cells, and fill each."
    ),
    "cell-outside-table": Text(
        "请删去表格左侧的内容，或为该列写上列名。",
        "Remove what stands beside the table, or give it a header.",
    ),
    "error-value": Text("请改正公式后重新保存。", "Mend the formula and save the workbook."),
    "uncalculated-formula": Text(
        "请在 Excel 或 WPS 中打开并保存一次，公式才有结果。",
        "Open it in Excel or WPS and save it, so that formulas have results.",
    ),
    "serial-date": Text(
        "请把该列设为日期格式，或填写成 2020-01-31 的文本。",
        "Format the column as dates, or write them as text such as 2020-01-31.",
    ),
    "date-in-text-column": Text(
        "表格软件可能把“3-5”之类的编号改成了日期。请核对原值，并把该列设为“文本”。",
        "A spreadsheet may have made a date of a code like 3-5. Restore it, and make the column "
        "text.",
    ),
    "percent-cell": Text(
        "请按数据规范的单位填写，不用百分比格式。", "State the figure in the contract's unit."
    ),
    "disguised-number": Text(
        "请在单元格里直接填写所显示的内容；编号请先把该列设为“文本”。",
        "Type what the cells show into them; make a column of codes text first.",
    ),
    "stray-cells": Text(
        "表格下方很远处还有内容（也许只是一个空格）。请删去那些行。",
        "Far below the table something is left, perhaps a space. Delete those rows.",
    ),
    "records-above-header": Text(
        "表头上方有数据行，可能是排序时把表头也排了进去。请把表头移到第一行。",
        "Records stand above the header, which may have been sorted with them. Move it up.",
    ),
}
_FILE: Mapping[str, Text] = {
    "unsupported-format": Text(
        "请另存为 CSV 或 XLSX 后上传。", "Save it as CSV or XLSX and send that."
    ),
    "encrypted-file": Text("请去掉密码后重新上传。", "Remove the password and send it again."),
    "polyglot": Text("请重新保存后上传。", "Save it anew."),
    "unreadable-workbook": Text(
        "请在 Excel 或 WPS 中打开，另存为 XLSX 后上传。", "Open it, save it as XLSX, send that."
    ),
    "xml-entities": Text(
        "正常的工作簿不含实体声明。请在 Excel 或 WPS 中另存后上传。",
        "No spreadsheet writes such declarations. Save it anew in one.",
    ),
    "unreadable-parquet": Text("请重新导出。", "Export it anew."),
    "unsupported-column": Text(
        "请把所指的列导出为文字、数字或日期。", "Export the column as text, numbers or dates."
    ),
    "broken-json": Text("请改正所指位置的语法。", "Mend the syntax at the place named."),
    "not-records": Text(
        "请写成对象的数组，或每行一个对象。", "Write an array of objects, or one on each line."
    ),
    "duplicate-member": Text("每个名称只写一次。", "Write each name once."),
    "nested-value": Text("每个值须是文字、数字、真假或空。", "Give each cell one plain value."),
    "too-deep": Text("请减少嵌套，或上传其中的表格。", "Nest less, or send the table inside."),
    "damaged-archive": Text("请重新保存或打包。", "Save or pack it anew."),
    "too-many-members": Text("请只打包要报送的文件。", "Pack only what is to be sent."),
    "too-many-cells": Text(
        "请删去表格以外的行和列，或改用 CSV。", "Delete what is outside the table, or send CSV."
    ),
    "too-large-uncompressed": Text("请分拆时段，或改用 CSV。", "Split it, or send CSV."),
    "compression-ratio": Text("请上传未压缩的文件。", "Send it uncompressed."),
    "broken-descriptor": Text(
        "请按 Data Package v2 改正 datapackage.json。", "Mend datapackage.json by Data Package v2."
    ),
    "descriptor-contradicts": Text(
        "请使描述文件与数据文件一致。", "Let the descriptor say what the file is."
    ),
    "remote-path": Text(
        "平台不读取网址或别处的文件。请把数据文件放进压缩包。",
        "Nothing is fetched from elsewhere. Put the file into the archive.",
    ),
    "unsafe-path": Text("请用压缩包内的相对路径。", "Use relative paths within the archive."),
    "no-such-member": Text(
        "请把描述文件所指的文件放进压缩包。", "Put the file that is named into the archive."
    ),
    "no-table": Text("请放入一个表格文件。", "Put a table file into it."),
    "several-tables": Text(
        "请只放一个表格，或用 datapackage.json 指明。",
        "Send one table, or name it in a datapackage.json.",
    ),
}
ON_FILES: Mapping[str, Text] = {**_TEXT, **_TABLE, **_FILE}
