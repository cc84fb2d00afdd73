"""Articles that are one another's translations: kept as a group, and shown in each one's document.

A group is named by the id of the article that all of them translate, or, while no article of that external id is
public, by `external:` and the external id. Only public articles decide about groups: what drafts say of one another
is not known here, and must not show.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles import store
from app.articles.rendering import article_url
from app.articles.schemas import TranslationRef
from app.articles.store import Member
from app.core.ids import parse_id
from app.db.dialect import claim, is_sqlite

_AWAITED = "external:"


def awaited(external_id: str) -> str:
    """The name of the group whose original is known by its external id only."""
    return f"{_AWAITED}{external_id}"


def group_name(translation_of: str) -> str:
    """The name of the group that a `translation_of` asks to join, as long as no public article says otherwise."""
    id = parse_id(translation_of)
    return awaited(translation_of) if id is None else str(id)


class Groups:
    """The groups of translations that a batch touches, locked, while the batch changes them.

    `known` has the groups of public articles by the names under which one asks to join them.
    """

    def __init__(self, members: Iterable[Member], known: Mapping[str, str]) -> None:
        self._known = known
        self._members: dict[UUID, Member] = {}
        self._groups: dict[str, dict[UUID, Member]] = defaultdict(dict)
        for member in members:
            self.put(member)
        self._before = {id: self._others(id) for id in self._members}

    def put(self, member: Member) -> None:
        """Place a public article in its group, new or as it is from now on."""
        self.remove(member.id)
        self._members[member.id] = member
        self._groups[member.original][member.id] = member

    def called(self, name: str) -> str:
        """What the group that is asked for by this name is called."""
        return self._known.get(name, name)

    def remove(self, id: UUID) -> None:
        """The article leaves its group: it is no longer public, or moves to another."""
        if before := self._members.pop(id, None):
            del self._groups[before.original][id]

    def rename(self, old: str, new: str) -> None:
        """The group turns out to be another one: the original that it waited for has come, or is a translation."""
        for member in list(self._groups[old].values()) if old != new else ():
            self.put(replace(member, original=new))

    def of(self, id: UUID, *, site_url: str) -> list[TranslationRef]:
        """The other public articles of this one's group, by language."""
        return [
            TranslationRef(id=m.id, slug=m.slug, language=m.language, url=article_url(site_url, m.slug))
            for m in self._others(id)
        ]

    def changed(self) -> list[UUID]:
        """Articles that were public before and whose translations are not what they were; in order of id."""
        return sorted(id for id, others in self._before.items() if id in self._members and self._others(id) != others)

    def original(self, id: UUID) -> str:
        """The name of this public article's group."""
        return self._members[id].original

    def _others(self, id: UUID) -> list[Member]:
        group = self._groups[self._members[id].original].values()
        return sorted((m for m in group if m.id != id), key=lambda m: (m.language, m.id))


def queue(session: Session, ids: Collection[UUID], names: Collection[str], *, is_joining: bool = False) -> None:
    """Makes writers of articles that have translations, or get some, take turns, before they lock any article.

    Each locks its own article first and its translations' later: without turns, two of one group would meet in between.
    `names` are those under which others may have joined these articles.
    """
    if is_sqlite(session):
        return  # there is one writer
    if is_joining or store.has_translations(session, ids, names):
        claim(session, "translating", [""])


def lock(session: Session, names: Collection[str], *, joined: Collection[str] = ()) -> Groups:
    """The groups of these names. Two writers of one group take turns, or neither would see the other's article.

    `joined` are those under which articles of others are asked for.
    """
    claim(session, "translations", names)
    # Looked for only now that nobody else may change it: what is asked for may just have become public.
    known = store.groups_of(session, joined)
    claim(session, "translations", set(known.values()).difference(names))
    return Groups(store.lock_members(session, {*names, *known.values()}), known)
