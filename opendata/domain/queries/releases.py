"""How one release is named in a query: ``budgets-2018@2``."""

import re

from opendata.domain.catalogue import is_slug
from opendata.domain.errors import Text
from opendata.domain.values import NotAValue

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def read_release(text: str) -> tuple[str, int]:
    """Read a dataset and the number of its release.

    Raises:
        NotAValue: it is written otherwise.

    >>> read_release("budgets-2018@2")
    ('budgets-2018', 2)
    """
    dataset, _, number = text.partition("@")
    if not is_slug(dataset) or _NUMBER.fullmatch(number) is None:
        expected = "数据集@发布版本号，如 budgets-2018@2"
        raise NotAValue(Text(expected, "a dataset and the number of its release: budgets-2018@2"))
    return dataset, int(number)
