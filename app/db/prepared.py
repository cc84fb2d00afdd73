"""Constant statements that go straight to the driver: of the reads that everybody asks for, and of publishing.

From a statement to rows, SQLAlchemy takes several times what SQLite takes for a look-up. What it would do each time is
done once here: the text, and what makes values such as the driver takes and gives. All else stays its own: the
connection, the transaction, what becomes of a failure, and of the events `before_cursor_execute`.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql import ClauseElement

Processor = Callable[[Any], Any]
Values = Mapping[str, Any]


class Prepared:
    """A statement whose values are all named parameters; none of them expands. An INSERT may be given its `columns`."""

    def __init__(self, statement: ClauseElement, *, columns: Sequence[str] | None = None) -> None:
        self.statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def first(self, session: Session, values: Values) -> Any | None:
        """The first row, with its columns as attributes; None without any."""
        rows = self.rows(session, values)
        return rows[0] if rows else None

    def rows(self, session: Session, values: Values) -> list[Any]:
        """All rows, with their columns as attributes."""
        connection = session.connection()
        compiled = self._for(connection)
        return compiled.read(_execute(connection, compiled.sql, compiled.written(values), is_read=True))

    def run(self, session: Session, values: Values) -> None:
        """Carry it out; what it gives, if anything, is left."""
        connection = session.connection()
        compiled = self._for(connection)
        _execute(connection, compiled.sql, compiled.written(values))

    def run_each(self, session: Session, values: Sequence[Values]) -> None:
        """Carry it out with each of these, which all name the same parameters."""
        connection = session.connection()
        compiled = self._for(connection)
        if len(values) == 1:
            _execute(connection, compiled.sql, compiled.written(values[0]))
        else:
            _execute(connection, compiled.sql, compiled.all_written(values), is_many=True)

    def _for(self, connection: Connection) -> "_Compiled":
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = _Compiled(self.statement, connection.dialect, self._columns)
            self._compiled[connection.dialect.name] = compiled
        return compiled


class _Compiled:
    """A statement for one kind of database: its text, and what makes of values what the driver takes and gives."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, columns: Sequence[str] | None) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
        self.sql = str(compiled)
        self._names: list[str] | None = compiled.positiontup
        self._given: dict[str, Any] = dict(compiled.params)
        self._writers = _processors(
            {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        )
        shown = list(getattr(statement, "selected_columns", getattr(statement, "exported_columns", ())))
        types = [column.type.dialect_impl(dialect) for column in shown]
        row: Any = namedtuple("Row", [column.key or f"column_{n}" for n, column in enumerate(shown)])  # type: ignore[misc]
        self._row: Callable[[list[Any]], Any] = row._make
        self._readers = _processors({n: type_.result_processor(dialect, None) for n, type_ in enumerate(types)})

    def written(self, values: Values) -> Any:
        """The parameters as the driver takes them."""
        bound = {**self._given, **values}
        for name, write in self._writers:
            bound[name] = write(bound[name])
        return bound if self._names is None else tuple([bound[name] for name in self._names])

    def all_written(self, values: Sequence[Values]) -> list[Any]:
        """The same of many; column by column, which is fastest, where the driver wants no names."""
        if self._names is None:
            return list(map(self.written, values))
        writers = dict(self._writers)
        columns: dict[str, list[Any]] = {}
        for name in self._names:
            column = [one[name] for one in values] if name in values[0] else [self._given[name]] * len(values)
            columns[name] = list(map(writers[name], column)) if name in writers else column
        return list(zip(*(columns[name] for name in self._names), strict=True))

    def read(self, found: list[Any]) -> list[Any]:
        """The rows as Python has them."""
        return [self._row(self._read(row)) for row in found]

    def _read(self, row: Any) -> list[Any]:
        read = list(row)
        for place, convert in self._readers:
            read[place] = convert(read[place])
        return read


def _execute(
    connection: Connection, sql: str, parameters: Any, *, is_read: bool = False, is_many: bool = False
) -> list[Any]:
    """What the driver gives, if it is a read."""
    cursor = None
    try:
        cursor = connection.connection.cursor()
        for listen in connection.dispatch.before_cursor_execute:
            listen(connection, cursor, sql, parameters, None, is_many)
        (cursor.executemany if is_many else cursor.execute)(sql, parameters)
        return list(cursor.fetchall()) if is_read else []
    except BaseException as error:  # a cancelled one, too: its connection is of no use any more
        connection._handle_dbapi_exception(error, sql, parameters, cursor, None)  # raises what it always does
        raise
    finally:
        if cursor is not None:
            cursor.close()


def _processors(known: Mapping[Any, Processor | None]) -> list[tuple[Any, Processor]]:
    return [(name, processor) for name, processor in known.items() if processor is not None]
