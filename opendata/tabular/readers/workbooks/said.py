"""What is said of a workbook where it was not the plain case."""

from collections.abc import Iterator, Mapping

from opendata.tabular.readers.model import note
from opendata.tabular.readers.workbooks.choice import Chosen
from opendata.tabular.readers.workbooks.model import letters
from opendata.tabular.readers.workbooks.texts import Trouble

_SHOWN = 10


def notes_on(chosen: Chosen, trouble: Trouble) -> Iterator[Mapping[str, str]]:
    """Yield what was understood of a sheet and done with it."""
    yield from _on_choice(chosen)
    yield from _on_hidden(chosen)
    if chosen.sheet.facts.merged:
        count = len(chosen.sheet.facts.merged)
        yield note(
            "merged-cells",
            f"工作表有 {count} 处合并单元格，都在表格之外，没有影响。",
            f"{count} merged cells, all outside the table, make no difference.",
        )
    if trouble.shortened:
        yield note(
            "fifteen-digits",
            "公式计算留下的尾差（如 0.30000000000000004）按 Excel 显示的 15 位有效数字读取。",
            "What arithmetic left behind the 15 digits that Excel shows (0.30000000000000004) "
            "is not read.",
        )
    if trouble.hundredfold:
        yield note(
            "percent-cells",
            "百分比格式的单元格按显示的百分数读取（12.3% 读作 12.3），该列的单位是 %。",
            "Cells that show per cent are read as shown (12.3% is 12.3): the column's unit is %.",
        )


def _on_choice(chosen: Chosen) -> Iterator[Mapping[str, str]]:
    name = chosen.sheet.name
    if chosen.sheets > 1:
        yield note(
            "sheet-chosen",
            f"工作簿有 {chosen.sheets} 张有内容的工作表，“{name}”最符合数据规范，只读入了它。",
            f'Of {chosen.sheets} sheets with cells "{name}" fits the contract best; no other '
            "was read.",
        )
    if chosen.sheet.hidden:
        yield note(
            "hidden-sheet",
            f"读入的工作表“{name}”是隐藏的。",
            f'The sheet that was read, "{name}", is hidden.',
        )
    if chosen.titles:
        yield note(
            "title-rows",
            f"表头在第 {chosen.row + 1} 行；其上有 {chosen.titles} 行标题或说明，未读入。",
            f"The header is row {chosen.row + 1}; {chosen.titles} filled rows above it are titles "
            "and were not read.",
        )


def _on_hidden(chosen: Chosen) -> Iterator[Mapping[str, str]]:
    facts = chosen.sheet.facts
    if facts.hidden_rows:
        count = len(facts.hidden_rows)
        yield note(
            "filtered-rows" if facts.filtered else "hidden-rows",
            f"有 {count} 行被{'筛选隐藏' if facts.filtered else '隐藏'}，与其他行一样读入。",
            f"{count} rows that are {'filtered out' if facts.filtered else 'hidden'} were read "
            "like all others.",
        )
    if facts.hidden_columns:
        names = [letters(each) for each in facts.hidden_columns[:_SHOWN]]
        more = "……" if len(facts.hidden_columns) > _SHOWN else ""
        yield note(
            "hidden-columns",
            f"隐藏的列（{'、'.join(names)}{more}）与其他列一样读入。",
            f"Hidden columns ({', '.join(names)}{more}) were read like all others.",
        )
