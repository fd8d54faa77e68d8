"""Comments: one for each marked cell; what somebody else wrote there stays, ours follows."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from opendata.tabular.annotate.account import Mark
from opendata.tabular.annotate.patch.markup import Element, Part, escaped, quoted
from opendata.tabular.annotate.patch.relations import MAIN
from opendata.tabular.annotate.patch.unfamiliar import Unfamiliar
from opendata.tabular.annotate.places import Cell, cell_name

AUTHOR = "校验 Validation"
NO_COMMENTS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN}">'
    "<authors></authors><commentList></commentList></comments>"
).encode()


def uncovered(
    marks: Mapping[Cell, Mark], merged: Iterable[tuple[Cell, Cell]]
) -> Mapping[Cell, Mark]:
    """Return the marks where comments may stand: of merged cells only the first one has any."""
    rows = sorted(marks)
    found = dict(marks)
    for first, last in merged:
        begin, end = (bisect_left(rows, Cell(row, 0)) for row in (first.row, last.row + 1))
        for cell in rows[begin:end]:
            if cell != first and first.column <= cell.column <= last.column and cell in found:
                mark = found.pop(cell)
                there = found.get(first)
                found[first] = mark if there is None else there.followed_by(mark)
    return dict(sorted(found.items()))


class Comments:
    """The comments of one sheet, and those to be added."""

    def __init__(self, content: bytes) -> None:
        """Find them.

        Raises:
            Unfamiliar: it is no part of comments.
        """
        self._text = Part(content)
        root = self._text.root
        authors, listed = root.child("authors"), root.child("commentList")
        if (root.space, root.name) != (MAIN, "comments") or authors is None or listed is None:
            raise Unfamiliar("the comments are of another kind")
        self._authors, self._list = authors, listed
        self._there = {each.attributes.get("ref", ""): each for each in listed.named("comment")}

    def with_marks(self, marks: Mapping[Cell, Mark]) -> tuple[bytes, list[Cell]]:
        """Return the part with what is said of the marked cells, and the cells that had nothing."""
        new, added = [], []
        author = len(self._authors.children)
        prefix = self._text.root.prefix
        for cell, mark in marks.items():
            there = self._there.get(cell_name(cell))
            if there is not None:
                self._continue(there, mark)
                continue
            new.append(cell)
            ref, by = quoted(cell_name(cell)), quoted(str(author))
            run = self._run(mark.comment)
            added.append(
                b"<%scomment ref=%s authorId=%s><%stext>%s</%stext></%scomment>"
                % (prefix, ref, by, prefix, run, prefix, prefix)
            )
        if added:
            name = prefix + b"author"
            self._text.append(
                self._authors, b"<" + name + b">" + escaped(AUTHOR) + b"</" + name + b">"
            )
            self._text.append(self._list, b"".join(added))
        return self._text.result(), new

    def _continue(self, comment: Element, mark: Mark) -> None:
        """Add a run to the text of a comment that is there."""
        text = comment.child("text")
        if text is None:
            raise Unfamiliar("a comment has no text")
        run = self._run(f"\n\n{mark.comment}")
        runs = [each for each in text.children if each.name in ("t", "r")]
        if runs:
            self._text.insert(runs[-1].end, run)
        else:
            self._text.append(text, run)

    def _run(self, text: str) -> bytes:
        prefix = self._text.root.prefix
        return b'<%sr><%srPr><%ssz val="9"/></%srPr><%st xml:space="preserve">%s</%st></%sr>' % (
            *(prefix,) * 5,
            escaped(text),
            *(prefix,) * 2,
        )
