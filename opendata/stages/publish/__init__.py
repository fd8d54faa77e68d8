"""Publish: an approved submission becomes a release, all of it at once or not at all.

Every step before the last leaves nothing that a reader follows, and may be done again: the
commit is on a branch of the submission's own, begun at the snapshot that the pointer names; the
files are in the vault under their digests. The last step is one transaction that inserts the
release and moves the pointer if it is still where the branch began.
"""

from opendata.stages.publish.artefacts import DATA_FILES, LEAVES, MANIFEST, PACKAGE, REPORT
from opendata.stages.publish.chain import MAX_ATTEMPTS, give_up, publish
from opendata.stages.publish.editions import DueEdition, due_editions, prepare_edition
from opendata.stages.publish.marks import Mark
from opendata.stages.publish.prepare import NotPublishable, pending

__all__ = [
    "DATA_FILES",
    "LEAVES",
    "MANIFEST",
    "MAX_ATTEMPTS",
    "PACKAGE",
    "REPORT",
    "DueEdition",
    "Mark",
    "NotPublishable",
    "due_editions",
    "give_up",
    "pending",
    "prepare_edition",
    "publish",
]
