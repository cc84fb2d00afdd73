"""The end of an article's rights: when that is, and that nothing is published beyond it."""

from datetime import datetime

from app.core.clock import format_instant
from app.core.errors import Conflict, Fault
from app.newsroom.schemas import ArticleIn


class RightsExpired(Conflict):
    """The rights of the article have ended, or will have when it is to be published."""

    slug = "rights-expired"
    title = "The rights of the article have expired"
    explanation = (
        "`rights.expires_at` says how long the article may be shown, and it was to be published at that time or later. "
        "Give it rights that last longer, or publish it earlier. A public article is withdrawn, for the reason "
        "`expired`, as soon as its rights end."
    )
    example_detail = "The rights of the article end at 2026-11-20T00:00:00Z: it cannot be published then or later."
    example_errors = (Fault("is not after the publication", pointer="/rights/expires_at"),)


def have_ended(article: ArticleIn, *, at: datetime) -> bool:
    """Whether the article may not be shown any more at this time."""
    rights = article.rights
    return rights is not None and rights.expires_at is not None and rights.expires_at <= at


def check_rights(article: ArticleIn, *, at: datetime) -> None:
    """Nothing, where the article may be published at this time. Raises RightsExpired."""
    if have_ended(article, at=at):
        assert article.rights is not None
        assert article.rights.expires_at is not None
        end = format_instant(article.rights.expires_at)
        raise RightsExpired(
            f"The rights of the article end at {end}: it cannot be published then or later.",
            errors=RightsExpired.example_errors,
        )
