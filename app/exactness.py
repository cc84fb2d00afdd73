"""Who keeps what exact with the articles. Every process that may publish calls this before it opens a database."""

from app.articles import hooks
from app.search import indexing


def register() -> None:
    """Have search know each article in the transaction that makes it public, and forget it in the one that ends it."""
    hooks.register(indexing)
