"""Makes the data packages of ``datasets/`` from the transcriptions in ``datasets/sources/``."""
