"""Whether a decision is what the facts and the ladder lead to; where it is not, it says why."""

from collections.abc import Iterator, Sequence

from opendata.domain.complaints.measures import Gravity
from opendata.domain.complaints.steps import Held, Step, Words
from opendata.domain.errors import Fault, Text
from opendata.domain.responsibility import Responsibility, Share

Shares = dict[tuple[str, str], Share]


def departures(
    step: Step, names: Sequence[str], gravity: Gravity | None, facts: Responsibility | None
) -> tuple[Text, ...]:
    """Return in what a decision departs.

    Args:
        step: The decision.
        names: Who its persons are, one name for each.
        gravity: How grave the finding said it is.
        facts: Who is answerable by the facts, where a release is what it is about.
    """
    found = []
    rungs = [each.level for each in step.body]
    rungs += [each.level for held in step.persons for each in held.measures]
    if gravity is not None and max(rungs) != gravity.level:
        found.append(
            Text(
                f"所认定的情节是“{gravity.label.zh}”，处理措施却不在这一档。",
                f"The finding is {gravity.label.en}, and the measures are of another rung.",
            )
        )
    if facts is not None and _given(step.persons, names) != computed(facts):
        found.append(
            Text(
                f"责任划分与依事实推得的（{facts.branch.clause}）不同。",
                f"The shares are not those that follow from the facts ({facts.branch}).",
            )
        )
    return tuple(found)


def departure_faults(found: Sequence[Text], words: Words) -> Iterator[Fault]:
    """Yield what is wrong with the reason for departing: it is missing, or there is no need."""
    says_why = bool(words.departure.strip())
    if found and not says_why:
        text = Text(
            "".join(each.zh for each in found) + "请说明理由。",
            " ".join(each.en for each in found) + " Say why.",
        )
        yield Fault("/departure", text, "reason-required")
    if says_why and not found:
        text = Text("决定与事实、情节相符，无须说明。", "The decision departs from nothing.")
        yield Fault("/departure", text, "misplaced-value")


def computed(facts: Responsibility) -> Shares:
    """Return who is answerable by the facts, by name and part; those with no share left out."""
    return {
        (each.person, each.part.value): each.share
        for each in facts.persons
        if each.share is not Share.NONE
    }


def _given(persons: Sequence[Held], names: Sequence[str]) -> Shares:
    return {
        (name.strip(), each.part.value): each.share
        for name, each in zip(names, persons, strict=True)
        if each.share is not Share.NONE
    }
