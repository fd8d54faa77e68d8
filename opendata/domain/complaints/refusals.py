"""What is refused about complaints."""

from collections.abc import Iterable

from opendata.domain.errors import Conflict, Fault, Forbidden, NotFound, Text, Unprocessable


class NoSuchComplaint(NotFound):
    """There is no complaint of this id or tracking code, or none that the actor may know of."""

    code = "no-such-complaint"


class InvalidComplaint(Unprocessable):
    """A complaint cannot be filed so: nothing is said, or who gives a name leaves it blank."""

    code = "invalid-complaint"


class InvalidStep(Unprocessable):
    """A step lacks what its kind needs, or has what it may not."""

    code = "invalid-step"


class NotInTurn(Conflict):
    """The step may not follow what was done so far."""

    code = "complaint-not-in-turn"


class HearingNeeded(Conflict):
    """Who is to be held answerable has not been heard on what was found."""

    code = "hearing-needed"


class NoticeNeeded(Conflict):
    """The decision has not been told in writing to who it is about."""

    code = "notice-needed"


class NotSettled(Conflict):
    """Something is still to be done before the case may be closed."""

    code = "not-settled"


class Involved(Forbidden):
    """Who acted for the agency, or in what is reported, handles no case; nor answers who handled.

    For the agency acted whoever has, or had, a key of it, or by any key registered, prepared,
    explained, reviewed or approved data for it, answered a correction, declared or wrote of its
    annual report, or recorded an occasion or a fulfilment of its obligations. A part in what is
    reported had besides whoever cleared or ruled on it, answered about it for another agency, or
    sat in the body that decided. And who handled a case does not answer for the agency in it.
    """

    code = "involved"


def no_such_complaint() -> NoSuchComplaint:
    """Return the refusal for an id or a code that there is not, or that is not the actor's."""
    return NoSuchComplaint("没有这件举报。", "There is no such complaint.")


def check_complaint(faults: Iterable[Fault]) -> None:
    """Raise ``InvalidComplaint`` where anything is wrong in a complaint."""
    found = tuple(faults)
    if found:
        raise InvalidComplaint(*_joined(found), found)


def check_step(faults: Iterable[Fault]) -> None:
    """Raise ``InvalidStep`` where anything is wrong in a step."""
    found = tuple(faults)
    if found:
        raise InvalidStep(*_joined(found), found)


def check_settled(faults: Iterable[Fault]) -> None:
    """Raise ``NotSettled`` where anything is left to be done."""
    found = tuple(faults)
    if found:
        raise NotSettled(*_joined(found), found)


def _joined(faults: tuple[Fault, ...]) -> Text:
    return Text(
        "".join(each.detail.zh for each in faults), " ".join(each.detail.en for each in faults)
    )
