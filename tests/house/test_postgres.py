"""The server that tests borrow is what it claims to be."""

import pytest
from sqlalchemy import create_engine, text


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_gets_an_empty_database_of_a_real_postgresql(postgres_database, turn):
    engine = create_engine(postgres_database)
    with engine.begin() as connection:
        version = connection.scalar(text("SHOW server_version_num"))
        connection.execute(text("CREATE TABLE left_behind (turn text)"))
    engine.dispose()

    assert int(version) >= 180000
