"""A command in a process of its own: how long it takes, and the most memory it ever has.

Linux counts into a child's peak what its parent had when it forked. So a small process, this
module run as a program, starts the command; it imports nothing but the standard library.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

TREE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Fresh:
    """What one run took."""

    status: int
    seconds: float
    peak_bytes: int
    said: str


def fresh(*command: str) -> Fresh:
    """Run ``command`` with this Python in the root of the tree.

    >>> fresh("-c", "print(1 + 1)").said.strip()
    '2'
    """
    launcher = [sys.executable, "-IS", __file__, sys.executable, *command]
    done = subprocess.run(launcher, cwd=TREE, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stderr.splitlines()[-1])
    except (IndexError, ValueError) as error:
        message = f"{command} could not be run: {done.stderr}"
        raise RuntimeError(message) from error
    return Fresh(found["status"], found["seconds"], found["peak_bytes"], done.stdout)


def main(command: list[str]) -> None:
    """Run ``command`` to its end, then say on standard error what it took."""
    begun = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    found = {
        "status": os.waitstatus_to_exitcode(status),
        "seconds": time.perf_counter() - begun,
        "peak_bytes": usage.ru_maxrss * 1024,
    }
    sys.stderr.write("\n" + json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
