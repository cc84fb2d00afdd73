"""Articles that are one another's translations: kept as a group, and shown in each one's document.

A group is named by the id of the article that all of them translate. While nobody has published that one, it is named
`external:` and the external id by which the newsroom spoke of it.
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
from app.db.dialect import claim


_AWAITED = "external:"


def awaited(external_id: str) -> str:
    """The name of the group whose original is known by its external id only."""
    return f"{_AWAITED}{external_id}"


class Groups:
    """The groups of translations that a batch touches, locked, while the batch changes them.

    `arrived` has what groups are called now that were still awaited when the batch was made.
    """

    def __init__(self, members: Iterable[Member], arrived: Mapping[str, str]) -> None:
        self._arrived = arrived
        self._members: dict[UUID, Member] = {}
        self._groups: dict[str, dict[UUID, Member]] = defaultdict(dict)
        for member in members:
            self.put(member)
        self._before = {id: self._others(id) for id in self._members}

    def put(self, member: Member) -> None:
        """Place a public article in its group, new or as it is from now on."""
        self.remove(member.id)
        member = replace(member, original=self._arrived.get(member.original, member.original))
        self._members[member.id] = member
        self._groups[member.original][member.id] = member

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


def lock(session: Session, originals: Collection[str], *, joined: Collection[str] = ()) -> Groups:
    """The groups of these names. Two writers of one group take turns, or neither would see the other's article.

    `joined` are those among them that articles are to be put into.
    """
    claim(session, "translations", originals)
    # Looked for again, now that nobody else may: an original that was still awaited may have come since.
    external_ids = {name.removeprefix(_AWAITED) for name in joined if name.startswith(_AWAITED)}
    arrived = {awaited(external_id): name for external_id, name in store.originals(session, external_ids).items()}
    claim(session, "translations", set(arrived.values()).difference(originals))
    return Groups(store.lock_members(session, {*originals, *arrived.values()}), arrived)
