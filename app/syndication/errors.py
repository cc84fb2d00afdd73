"""What can go wrong with a feed, as clients are told it."""

from app.core.errors import NotFound


class FeedNotFound(NotFound):
    """There is no feed of this."""

    slug = "feed-not-found"
    title = "There is no such feed"
    explanation = (
        "Feeds are those of the site (`/feeds/{format}`), of a section, tag, contributor or storyline "
        "(`/feeds/sections/{slug}/{format}` and so on), and of a search (`/feeds/search/{format}?q=`), each as rss, "
        "atom, json or ninjs. Of a section, tag or contributor there is one once a public article carried it."
    )
    example_detail = "No article was ever published in a section of the slug 'wrold'."
