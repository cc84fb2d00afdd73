"""What can go wrong with the database as a whole.

How an error is shown is for `web` and the command line.
"""


class Overloaded(Exception):  # noqa: N818
    """The database is away, or had no turn for us in the time allowed; nothing was written. Answers 503."""


class CannotOpen(Exception):  # noqa: N818
    """There is no usable database at the given place; the text is one line for whoever starts the service."""


class SchemaTooNew(Exception):  # noqa: N818
    """The schema was made by a newer Dateline than this one; the text is one line for whoever starts the service."""


class Unconfirmed(Exception):  # noqa: N818
    """The connection was lost while a write was being committed: it may or may not have happened."""
