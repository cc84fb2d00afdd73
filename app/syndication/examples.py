"""Realistic examples for the documentation: the story of `articles.examples`, as each format has it."""

from app.articles import examples
from app.articles.schemas import ArticleOut
from app.articles.storylines.examples import WHOLE
from app.syndication import jsonld
from app.syndication.articles import written_as
from app.syndication.entry import Entry, Site, Terms
from app.syndication.negotiation import FEEDS

_SITE = Site("The Harbour Gazette", examples.SITE, examples.API, Terms(train=False, ground=True, summarise=True))
_ENTRY = Entry(ArticleOut.model_validate(examples.DOCUMENT), _SITE)

ARTICLES = {
    **{format.media_type: written_as(format, _ENTRY).decode() for format in FEEDS.values()},
    jsonld.MEDIA_TYPE: jsonld.dumps(jsonld.news_article(_ENTRY)),
}
FEEDS_OF_ONE = {format.media_type: ARTICLES[format.media_type] for format in FEEDS.values()}
LIVE_BLOG = jsonld.dumps(jsonld.live_blog(WHOLE, _SITE))
