"""Who publishes, as the settings have it."""

from functools import lru_cache

from app.settings import Settings
from app.syndication.addresses import uri
from app.syndication.entry import Site, Terms


def site_of(settings: Settings) -> Site:
    """The publication of this deployment."""
    terms = Terms(train=settings.ai_train, ground=settings.ai_ground, summarise=settings.ai_summarise)
    # Header fields, robots.txt and sitemaps hold no other characters than those of RFC 3986.
    return Site(
        settings.site_name, _uri(settings.site_url), _uri(settings.api_url), terms, _uri(settings.hub_url) or None
    )


_uri = lru_cache(maxsize=64)(uri)  # every article asks for the same few
