"""What a workbook may have that this does not know: then it is left alone."""


class Unfamiliar(Exception):
    """Marking this workbook in place might damage it; a new one is made instead."""
