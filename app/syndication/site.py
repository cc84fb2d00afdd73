"""Who publishes, as the settings have it."""

from app.settings import Settings
from app.syndication.entry import Site, Terms


def site_of(settings: Settings) -> Site:
    """The publication of this deployment."""
    terms = Terms(train=settings.ai_train, ground=settings.ai_ground, summarise=settings.ai_summarise)
    return Site(settings.site_name, settings.site_url, settings.api_url, terms, settings.hub_url or None)
