"""``python -m opendata``: the command line."""

from opendata.cli import main

main()
