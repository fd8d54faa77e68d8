"""``python -m opendata``: the command line."""

from opendata.cli import main

if __name__ == "__main__":
    main()
