"""Commands that are imported when they are called, not when they are listed."""

import atexit
import gc
import importlib

import click


class Deferred(click.Command):
    """Stands for a command in a list of them: its name, its help, and where it is defined.

    The web server takes seconds to import; neither ``--help`` nor another command may wait for
    it. A test sees that the help is the command's own.
    """

    def __init__(self, name: str, module: str, summary: str) -> None:
        """Take one line of help, and the name, which is also (``_`` for ``-``) the attribute's."""
        super().__init__(name, help=summary)
        self.module = module

    def load(self) -> click.Command:
        """Import the command.

        What is made meanwhile stays for good: the collector need not look through it in vain.
        """
        gc.disable()
        try:
            attribute = str(self.name).replace("-", "_")
            found: click.Command = getattr(importlib.import_module(self.module), attribute)
        finally:
            gc.enable()
        gc.freeze()
        # What is frozen when the process ends is told as leaked by libraries that count theirs.
        atexit.register(gc.unfreeze)
        return found


class DeferringGroup(click.Group):
    """A group in which a deferred command is imported as soon as it is called."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Deferred) else command, rest
