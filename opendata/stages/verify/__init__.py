"""Verify: whether what is kept, downloaded or cited is still what was published and signed.

Every check ends with a list of what does not fit: the first place in each thing, down to the byte
wherever something else tells what it should be. Files of any size are read a piece at a time.
"""

from opendata.stages.verify.folder import check_downloaded, check_folder, check_link, check_numbers
from opendata.stages.verify.home import check_home
from opendata.stages.verify.keys import Trust, keys_of
from opendata.stages.verify.manifests import Manifest
from opendata.stages.verify.model import Inspection, Misfit, Unusable
from opendata.stages.verify.proofs import check_proof
from opendata.stages.verify.reading import DOCUMENT_BYTES

__all__ = [
    "DOCUMENT_BYTES",
    "Inspection",
    "Manifest",
    "Misfit",
    "Trust",
    "Unusable",
    "check_downloaded",
    "check_folder",
    "check_home",
    "check_link",
    "check_numbers",
    "check_proof",
    "keys_of",
]
