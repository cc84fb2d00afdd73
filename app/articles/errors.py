"""What can go wrong with a public article, as clients are told it."""

from datetime import datetime

from app.core.clock import format_instant
from app.core.errors import Conflict, Fault, NotFound, Problem


class ArticleNotFound(NotFound):
    """No public article has this id or slug, and none ever had."""

    slug = "article-not-found"
    title = "There is no such article"
    explanation = (
        "No public article has this id or slug, and none ever had. Drafts and scheduled articles do not exist for "
        "readers. Slugs are lower-case; look the article up in a list or in the timeline."
    )
    example_detail = "No public article has the id or slug 'harbour-reopens'."
    fields = ("Dateline-Seq",)


class Withdrawn(Problem):
    """The article was public and has been taken back."""

    slug = "withdrawn"
    status = 410
    title = "The article has been withdrawn"
    explanation = (
        "The newsroom took this article back. Remove every copy you keep. `reason` is one of legal, error, duplicate, "
        "expired or other, `withdrawn_at` says when, and `text` is what the newsroom tells readers, where it does. "
        "The address stays reserved: no other article will ever use it."
    )
    example_detail = "This article was withdrawn on 2026-11-20 (error): The figures were wrong."
    fields = ("Dateline-Seq",)

    def __init__(
        self, *, reason: str, withdrawn_at: datetime, text: str | None, seq: int, what: str = "article"
    ) -> None:
        told = f": {text}" if text else "."
        super().__init__(
            f"This {what} was withdrawn on {withdrawn_at.date()} ({reason}){told}",
            headers={"Dateline-Seq": str(seq)},
            reason=reason,
            withdrawn_at=format_instant(withdrawn_at),
            text=text,
        )


class VersionNotFound(NotFound):
    """The article is public, and never had a version of this number."""

    slug = "version-not-found"
    title = "There is no such version"
    explanation = (
        "The article is public, and no publication of it ever had this number. Versions are numbered from 1 as they "
        "are published; `/v1/articles/{ref}/versions` lists them."
    )
    example_detail = "No version 9 of this article was ever published."
    fields = ("Dateline-Seq",)


class NotPublicThen(NotFound):
    """The article is public, and was not yet at the instant asked for."""

    slug = "not-public-then"
    title = "The article was not public then"
    explanation = (
        "The article is public now, and at the instant that `as_of` names it had not been published. "
        "`/v1/articles/{ref}/versions` says when each version was."
    )
    example_detail = "This article was not public at 2026-11-20T05:00:00Z."
    fields = ("Dateline-Seq",)


class SlugTaken(Conflict):
    """The slug asked for belongs, or once belonged, to another article."""

    slug = "slug-taken"
    title = "The slug is taken"
    explanation = (
        "A slug that was once public is never given to another article, so that old links stay true for ever. "
        "Choose another, or send `null` to have one made from the headline."
    )
    example_detail = "The slug 'harbour-reopens' belongs to another article."

    def __init__(self, slug: str) -> None:
        fault = Fault(f"{slug!r} belongs to another article", pointer="/slug")
        super().__init__(f"The slug {slug!r} belongs to another article.", errors=[fault])


class LegacyUrlTaken(Conflict):
    """The old address belongs, or once belonged, to another article."""

    slug = "legacy-url-taken"
    title = "The legacy URL is taken"
    explanation = (
        "Each address of a former site leads to one article. Another article has this one, or had it when it was "
        "withdrawn. Addresses are the same page when they differ only in their scheme, `www.`, a slash at the end, a "
        "fragment, the order of parameters, or parameters of campaigns."
    )
    example_detail = "The legacy URL 'https://old.newsroom.example/story.php?id=17' belongs to another article."

    def __init__(self, url: str, *, at: int) -> None:
        fault = Fault("belongs to another article", pointer=f"/legacy_urls/{at}")
        super().__init__(f"The legacy URL {url[:200]!r} belongs to another article.", errors=[fault])
