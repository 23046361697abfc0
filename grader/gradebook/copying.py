"""All rows of a gradebook, read at one moment and written in one transaction, whatever database they are in."""

from __future__ import annotations

from typing import Any


def tables(url: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of a gradebook, by table, as they are at one moment."""
    from nbgrader.api import Base, Gradebook

    Gradebook(url).close()  # says what is wrong with it, in nbgrader's words
    engine = _engine(url)
    try:
        with engine.connect() as connection, connection.begin():
            return {
                table.name: [
                    dict(row._mapping)
                    for row in connection.execute(table.select().order_by(*table.primary_key.columns))
                ]
                for table in Base.metadata.sorted_tables
            }
    finally:
        engine.dispose()


def fill(url: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Put rows into the place of all that a gradebook holds, in one transaction."""
    from nbgrader.api import Base, Gradebook

    Gradebook(url).close()  # makes the tables where there are none
    engine = _engine(url)
    try:
        with engine.connect() as connection, connection.begin():
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            for table in Base.metadata.sorted_tables:
                if found := rows.get(table.name):
                    connection.execute(table.insert(), found)
    finally:
        engine.dispose()


def _engine(url: str) -> Any:
    from sqlalchemy import create_engine, event

    if not url.startswith("sqlite"):
        return create_engine(url, isolation_level="REPEATABLE READ")
    engine = create_engine(url, connect_args={"timeout": 60})
    # By itself, Python's driver begins no transaction before something is written.
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine
