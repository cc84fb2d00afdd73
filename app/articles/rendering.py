"""Render once: from content and the facts of a publication to the two JSON texts that are served ever after.

Links into this API are stored relative and completed when sent. They are written with an escaped first slash
(`"\\/v1/articles/..."`): valid JSON, the same string to every parser, and a byte sequence that our serialiser never
makes from anybody's text (there a quote and a backslash are both escaped). So completing is one replacement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.articles.content import Content
from app.articles.schemas import (
    ArticleOut,
    CardLinks,
    CardOut,
    ContributorRef,
    CorrectionRef,
    DocumentLinks,
    SectionRef,
    StorylineRef,
    TagRef,
    TranslationRef,
)
from app.core.clock import format_instant
from app.core.markup import blocks_html
from app.core.text import count_words
from app.core.urls import join
from app.taxonomy.naming import Names

FORMAT = 2
"""Numbers the stored shape; raise it when documents or cards change, and the worker renders the old ones anew."""

_WORDS_A_MINUTE = 220
_OPEN = '"\\/v1/'
_CARD_FIELDS = tuple(name for name in CardOut.model_fields if name != "links")


@dataclass(frozen=True, slots=True)
class Facts:
    """What publication knows about an article beside its content."""

    id: UUID
    external_id: str | None
    slug: str
    version: int
    seq: int
    first_published_at: datetime
    published_at: datetime
    updated_at: datetime
    modified_at: datetime
    corrections: Sequence[CorrectionRef] = ()
    translations: Sequence[TranslationRef] = ()
    storyline: StorylineRef | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """The stored texts."""

    document: str
    card: str


def article_url(site_url: str, slug: str) -> str:
    """Where the reader's site shows this slug."""
    return join(site_url, slug)


def render(content: Content, facts: Facts, names: Names, *, site_url: str) -> Rendered:
    """The document and the card of this publication."""
    path = f"/v1/articles/{facts.id}"
    url = article_url(site_url, facts.slug)
    card = CardOut(
        id=facts.id,
        slug=facts.slug,
        url=url,
        version=facts.version,
        seq=facts.seq,
        language=content.language,
        headline=content.headline,
        short_headline=content.short_headline,
        summary=content.summary,
        section=_section(content, names),
        tags=_tags(content, names),
        contributors=_contributors(content, names),
        image=content.image,
        breaking=content.breaking,
        published_at=facts.published_at,
        updated_at=facts.updated_at,
        corrections=list(facts.corrections),
        storyline=facts.storyline,
        links=CardLinks(self=path),
    )
    document = whole(
        card,
        content,
        external_id=facts.external_id,
        first_published_at=facts.first_published_at,
        modified_at=facts.modified_at,
        translations=facts.translations,
        links=DocumentLinks(
            self=path,
            related=f"{path}/related",
            versions=f"{path}/versions",
            jsonld=f"{path}.jsonld",
            canonical=url,
        ),
    )
    return _written(document, card)


def as_it_was(card: CardOut, content: Content, present: ArticleOut, *, at: datetime) -> ArticleOut:
    """The document of an earlier version, from its card and content, as published at `at`.

    What is not of a version but of the article, and where it is, is as at present.
    """
    return whole(
        card.model_copy(update={"storyline": present.storyline}),
        content,
        external_id=present.external_id,
        first_published_at=present.first_published_at,
        modified_at=at,
        translations=present.translations,
        links=present.links,
    )


def whole(
    card: CardOut,
    content: Content,
    *,
    external_id: str | None,
    first_published_at: datetime,
    modified_at: datetime,
    translations: Sequence[TranslationRef],
    links: DocumentLinks,
) -> ArticleOut:
    """The document that this card is a selection of."""
    words = count_words(content.pieces)
    return ArticleOut(
        **{name: getattr(card, name) for name in _CARD_FIELDS},
        external_id=external_id,
        body=content.body,
        body_html=blocks_html(content.body),
        word_count=words,
        reading_minutes=-(-words // _WORDS_A_MINUTE),
        place=content.place,
        source=content.source,
        rights=content.rights,
        first_published_at=first_published_at,
        modified_at=modified_at,
        translations=list(translations),
        links=links,
    )


def stored(document: ArticleOut) -> Rendered:
    """Both texts of a finished document; the card is a selection of it."""
    fields = {name: getattr(document, name) for name in _CARD_FIELDS}
    return _written(document, CardOut(**fields, links=CardLinks(self=document.links.self)))


def _written(document: ArticleOut, card: CardOut) -> Rendered:
    return Rendered(_relative(document.model_dump_json()), _relative(card.model_dump_json()))


def parse(text: str) -> ArticleOut:
    """A stored document as its schema, to render it anew with other facts."""
    return ArticleOut.model_validate_json(text)


def storyline_of(text: str) -> str:
    """The storyline that a stored card or document shows, as JSON: an object with its id first, or `null`."""
    start, end = _storyline_at(text)
    return text[start:end]


def with_storyline(text: str, storyline: str) -> str:
    """A stored card or document that shows this storyline, given as JSON."""
    start, end = _storyline_at(text)
    return text[:start] + storyline + text[end:]


def regrouped(rendered: Rendered, storyline: StorylineRef | None, *, seq: int, at: datetime) -> Rendered:
    """Both texts with another storyline, as changed by the line `seq` of the log. Nothing is parsed."""
    shown = "null" if storyline is None else storyline.model_dump_json()
    card, document = (
        _replaced(with_storyline(text, shown), "seq", str(seq)) for text in (rendered.card, rendered.document)
    )
    return Rendered(_replaced(document, "modified_at", f'"{format_instant(at)}"'), card)


def at_site(card: str, site_url: str) -> str:
    """A stored card, made for this site or another, with the address that the article has on this one."""
    start = card.index(',"url":"') + 8
    end = card.index('"', start)
    return card[:start] + article_url(site_url, card[start:end].rpartition("/")[2]) + card[end:]


def complete(text: str, api_url: str) -> str:
    """Stored text, alone or joined with more, as clients get it: its links into this API absolute."""
    # As `replace` does it, but looked through once: there may be a hundred cards.
    return f'"{api_url}/v1/'.join(text.split(_OPEN))


def _storyline_at(text: str) -> tuple[int, int]:
    """Where the storyline begins and ends in a stored text. A name in quotes is one: in texts, they are escaped."""
    start = text.rindex(',"storyline":') + 13
    end = text.find(',"translations":', start)
    return start, end if end > 0 else text.index(',"links":', start)


def _replaced(text: str, name: str, value: str) -> str:
    """A stored text with another value of a field, which is the first of its name and holds no comma."""
    start = text.index(f',"{name}":') + len(name) + 4
    return text[:start] + value + text[text.index(",", start) :]


def _relative(text: str) -> str:
    before, links, after = text.rpartition(',"links":{')
    return before + links + after.replace('"/v1/', _OPEN)


def _section(content: Content, names: Names) -> SectionRef | None:
    if content.section is None:
        return None
    section = names.section(content.section)
    return SectionRef(slug=section.slug, name=section.name)


def _tags(content: Content, names: Names) -> list[TagRef]:
    filed = {tag.id: tag for tag in (names.tag(tag.kind, tag.name) for tag in content.tags)}
    return [TagRef(slug=tag.slug, name=tag.name, kind=tag.kind or "topic") for tag in filed.values()]


def _contributors(content: Content, names: Names) -> list[ContributorRef]:
    ordered = dict.fromkeys((names.contributor(credit.name), credit.role) for credit in content.contributors)
    return [ContributorRef(slug=who.slug, name=who.name, role=role) for who, role in ordered]
