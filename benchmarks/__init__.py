"""Measurements: the same data, one run, one machine, the ways of doing it taking turns."""
