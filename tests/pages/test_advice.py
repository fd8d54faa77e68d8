"""What to do about a problem is said for each, not for its status alone."""

from docs.build.modules import import_all
from opendata.domain.errors import Refusal
from opendata.tabular.refusals import Unreadable
from opendata.web.pages.advice_on_files import ON_FILES


def codes(kind: type[Refusal]) -> set[str]:
    return {kind.code}.union(*(codes(each) for each in kind.__subclasses__()))


def test_every_reason_not_to_read_a_file_comes_with_what_to_do_about_it() -> None:
    import_all()

    assert codes(Unreadable) == set(ON_FILES)
    assert len(set(ON_FILES.values())) > len(ON_FILES) * 0.9
