"""What a ZIP file holds beside the table that is taken out: names, comments, other members.

None of it is published; the scan looks at it, since a marking on any part is one on the whole.
"""

import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice

from opendata.domain.privacy import Where
from opendata.tabular.readers.archives import BROKEN, damaged, member_name
from opendata.tabular.readers.documents import Allowance, plain_texts, texts_in
from opendata.tabular.readers.model import Beside, pointer

_MOST_TEXTS = 100_000


def around(archive: zipfile.ZipFile, read: Collection[str]) -> tuple[Beside, ...]:
    """Return the names of all members, and the texts that may be markings in all but ``read``.

    Raises:
        DamagedArchive: a member cannot be unpacked.
    """
    names = (Beside(Where.FILE_NAME, None, member_name(each)) for each in archive.infolist())
    some = islice(_texts(archive, read), _MOST_TEXTS)
    texts = (Beside(Where.DESCRIPTION, None, each) for each in some)
    return tuple(dict.fromkeys((*names, *texts)))


def _texts(archive: zipfile.ZipFile, read: Collection[str]) -> Iterator[str]:
    allowance = Allowance()
    for comment in (archive.comment, *(each.comment for each in archive.infolist())):
        yield from plain_texts(comment)
    for each in archive.infolist():
        if each.filename in read or each.is_dir():
            continue
        with _guarded(member_name(each)):
            with archive.open(each) as stream:
                said = allowance.read(stream)
            yield from texts_in(said, allowance)


@contextmanager
def _guarded(name: str) -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise damaged(pointer("member", name)) from error
