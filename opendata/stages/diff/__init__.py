"""Diff: what differs between two releases, and what a submission would change."""

from opendata.stages.diff.between import Diff, DiffBusy, NotComparable, Pair, diff, pair
from opendata.stages.diff.proposed import (
    OPEN,
    DiffNotReady,
    NoDiff,
    Proposal,
    due,
    give_up,
    kept,
    no_diff,
    prepare,
    proposal,
    summary_of_submission,
    triggers_of_submission,
)

__all__ = [
    "OPEN",
    "Diff",
    "DiffBusy",
    "DiffNotReady",
    "NoDiff",
    "NotComparable",
    "Pair",
    "Proposal",
    "diff",
    "due",
    "give_up",
    "kept",
    "no_diff",
    "pair",
    "prepare",
    "proposal",
    "summary_of_submission",
    "triggers_of_submission",
]
