"""Who publishes, as the settings have it."""

from app.settings import Settings
from app.syndication.addresses import uri
from app.syndication.entry import Site, Terms


def site_of(settings: Settings) -> Site:
    """The publication of this deployment."""
    terms = Terms(train=settings.ai_train, ground=settings.ai_ground, summarise=settings.ai_summarise)
    # Header fields, robots.txt and sitemaps hold no other characters than those of RFC 3986.
    return Site(settings.site_name, uri(settings.site_url), uri(settings.api_url), terms, uri(settings.hub_url) or None)
