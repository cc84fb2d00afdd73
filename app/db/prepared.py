"""Constant statements that go straight to the driver: for the few reads that everybody asks for.

From a statement to rows, SQLAlchemy takes several times what SQLite takes for a look-up. What it would do each time is
done once here: the text, and what makes values such as the driver takes and gives. All else stays its own: the
connection, the transaction, what becomes of a failure, and of the events `before_cursor_execute`.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.orm import Session

Processor = Callable[[Any], Any]


class Prepared:
    """A SELECT whose values are all named parameters; none of them expands."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def first(self, session: Session, values: Mapping[str, Any]) -> Any | None:
        """The first row, with its columns as attributes; None without any."""
        rows = self.rows(session, values)
        return rows[0] if rows else None

    def rows(self, session: Session, values: Mapping[str, Any]) -> list[Any]:
        """All rows, with their columns as attributes."""
        connection = session.connection()
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = self._compiled[connection.dialect.name] = _Compiled(self.statement, connection.dialect)
        return compiled.rows(connection, values)


class _Compiled:
    """The same for one kind of database."""

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._names: list[str] | None = compiled.positiontup
        self._given: dict[str, Any] = dict(compiled.params)
        self._writers = _processors(
            {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        )
        columns = statement.selected_columns
        types = [column.type.dialect_impl(dialect) for column in columns]
        row: Any = namedtuple("Row", [column.key or f"column_{n}" for n, column in enumerate(columns)])  # type: ignore[misc]
        self._row: Callable[[list[Any]], Any] = row._make
        self._readers = _processors({n: type_.result_processor(dialect, None) for n, type_ in enumerate(types)})

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """What the driver gives, made what it is in Python."""
        parameters, cursor = self._parameters(values), None
        try:
            cursor = connection.connection.cursor()
            for listen in connection.dispatch.before_cursor_execute:
                listen(connection, cursor, self._sql, parameters, None, False)
            cursor.execute(self._sql, parameters)
            found = cursor.fetchall()
        except BaseException as error:  # a cancelled one, too: its connection is of no use any more
            connection._handle_dbapi_exception(error, self._sql, parameters, cursor, None)  # raises what it always does
            raise
        finally:
            if cursor is not None:
                cursor.close()
        return [self._row(self._read(row)) for row in found]

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        bound = {**self._given, **values}
        for name, write in self._writers:
            bound[name] = write(bound[name])
        return bound if self._names is None else tuple([bound[name] for name in self._names])

    def _read(self, row: Any) -> list[Any]:
        read = list(row)
        for place, convert in self._readers:
            read[place] = convert(read[place])
        return read


def _processors(known: Mapping[Any, Processor | None]) -> list[tuple[Any, Processor]]:
    return [(name, processor) for name, processor in known.items() if processor is not None]
