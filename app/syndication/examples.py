"""Realistic examples for the documentation: the story of `articles.examples`, as each format has it."""

from app.articles import examples
from app.articles.months import Month
from app.articles.schemas import ArticleOut, CardOut
from app.articles.storylines.examples import WHOLE
from app.syndication import jsonld, oembed, sitemaps, terms
from app.syndication.articles import written_as
from app.syndication.entry import Entry, Site, Terms
from app.syndication.negotiation import FEEDS
from app.syndication.store import Address, Headline, OwnTerms
from app.web.pages import dumps

_SITE = Site("The Harbour Gazette", examples.SITE, examples.API, Terms(train=False, ground=True, summarise=True))
_ENTRY = Entry(ArticleOut.model_validate(examples.DOCUMENT), _SITE)

ARTICLES = {
    **{format.media_type: written_as(format, _ENTRY).decode() for format in FEEDS.values()},
    jsonld.MEDIA_TYPE: jsonld.dumps(jsonld.news_article(_ENTRY)),
}
FEEDS_OF_ONE = {format.media_type: ARTICLES[format.media_type] for format in FEEDS.values()}
LIVE_BLOG = jsonld.dumps(jsonld.live_blog(WHOLE, _SITE))

_MONTH = Month("2026-11", 1, _ENTRY.article.updated_at, _ENTRY.article.seq)
_HEADLINE = Headline(_ENTRY.article.slug, "en", _ENTRY.article.headline, _ENTRY.article.published_at)
_OWN = OwnTerms(_ENTRY.article.id, _ENTRY.article.slug, train=True, ground=None, summarise=None)
_EMBED = oembed.embed(_SITE, CardOut.model_validate(examples.CARD), oembed.Room())

SITEMAP_INDEX = sitemaps.index(_SITE, [_MONTH]).decode()
NEWS = sitemaps.news(_SITE, [_HEADLINE]).decode()
MONTH = sitemaps.whole(
    _SITE, [Address(_HEADLINE.published_at, _ENTRY.article.id, _HEADLINE.slug, _MONTH.changed_at)]
).decode()
ROBOTS = terms.robots(_SITE)
LICENSE = terms.license_xml(_SITE, [_OWN]).decode()
TDMREP = dumps(terms.tdmrep(_SITE, [_OWN]))
OEMBED = {"application/json": dumps(_EMBED), "text/xml": oembed.as_xml(_EMBED).decode()}
