"""A page as a strict reader sees it: balanced tags, and what its elements say."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@dataclass
class Element:
    """One element with its attributes and the text in it, white space folded."""

    tag: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text in it and in what it contains."""
        return " ".join("".join(self.parts).split())


class Document(HTMLParser):
    """Reads a page; ``faults`` says where its tags do not balance."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        self.faults += [f"{each.tag} is never closed" for each in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"{tag} at {self.getpos()} repeats an attribute")
        inside = tuple(each.tag for each in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, inside)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes nothing")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for each in self._open:
            each.parts.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements of a tag with these attributes; ``class_`` is one of its classes."""
        wanted = attributes.pop("class_", None)
        return [
            each
            for each in self.elements
            if each.tag == tag
            and all(each.attributes.get(name) == value for name, value in attributes.items())
            and (wanted is None or wanted in each.attributes.get("class", "").split())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    def link(self, words: str) -> str:
        """Return where the first link goes whose text holds ``words``."""
        return next(each.attributes["href"] for each in self.all("a") if words in each.text)

    @property
    def text(self) -> str:
        """All that is read on the page."""
        return self.one("body").text


def visit(client: FlaskClient, path: str) -> TestResponse:
    """Ask for a page as a browser does."""
    return client.get(path, headers=BROWSER)


def read(client: FlaskClient, path: str, status: int = 200) -> Document:
    """Return a page that is answered with ``status``."""
    answer = visit(client, path)
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "text/html"
    return Document(answer.text)
