"""``opendata index``: the serving index, completed or built anew."""

from collections.abc import Mapping

import click

from opendata.runtime import Runtime
from opendata.runtime.indexing import Indexing
from opendata.settings import Settings
from opendata.stages import indexing
from opendata.storage.index.keeping import Keeper


@click.command()
@click.option("--rebuild", is_flag=True, help="Build everything anew; readers notice nothing.")
@click.pass_obj
def index(environment: Mapping[str, str], *, rebuild: bool) -> None:
    """Complete the serving index, from which answers come fast, and say how large it is.

    A worker does so by itself. The index is derived from the files of releases: without it, or
    while it is being built, the same answers come from the lake, only later.
    """
    runtime = Runtime.of(Settings.from_environment(environment))
    keeper = Keeper(runtime.settings.index, runtime.home.vault)
    for name, contract in sorted(runtime.contracts.items()):
        if rebuild:
            with runtime.home.database.read() as session:
                todo = indexing.everything(session, contract.published)
            indexing.rebuild(keeper, contract.published, todo)
        else:
            Indexing(runtime, aside=False).work(name)
        roll = keeper.roll(contract)
        rows = sum(each.rows for each in roll.entries)
        click.echo(
            f"{name}  {len(roll.parts):,} 版本 releases  {rows:,} 记录 records  "
            f"{len(roll.entries):,} 段 segments  {keeper.size(name):,} 字节 bytes"
        )
