"""What may be done with one article, in the Open Digital Rights Language (ODRL 2.2) that IPTC's RightsML is made of.

Uses by machines are those of the profile of the TDM Reservation Protocol (W3C, 2024), their purposes RSL's words.
"""

from collections.abc import Iterable
from typing import Final

from app.articles.content import AiUse, Rights
from app.core.clock import format_instant
from app.syndication import rsl
from app.syndication.addresses import uri
from app.syndication.entry import Entry
from app.syndication.jsontext import Json, stated

LANGUAGE: Final = "http://www.w3.org/ns/odrl/2/"

_CONTEXT: Final[list[Json]] = ["http://www.w3.org/ns/odrl.jsonld", {"tdm": "http://www.w3.org/ns/tdmrep#"}]
_COUNTRIES: Final = "http://cvx.iptc.org/iso3166-1a2/"


def policy(entry: Entry) -> dict[str, Json] | None:
    """The policy, as JSON-LD; None where the article says nothing that its site does not."""
    rights = entry.article.rights
    if rights is None or not (rights.territories or rights.expires_at or rights.ai != AiUse()):
        return None
    permits, prohibits = rsl.usage(entry.terms) if rights.ai != AiUse() else ((), ())
    return stated(
        {
            "@context": _CONTEXT,
            "@type": "Set",
            "uid": uri(f"{entry.article.links.self}#rights"),
            "profile": "http://www.w3.org/ns/tdmrep",
            "target": entry.urn,
            "conflict": "prohibit",
            "permission": _mining(permits),
            "prohibition": [*_limits(rights), *_mining(prohibits)],
        }
    )


def _limits(rights: Rights) -> list[Json]:
    """The uses that end with its rights. Nothing is granted by them: that is for the terms in words."""
    limits: list[Json] = []
    if rights.territories:
        countries = [{"@id": _COUNTRIES + territory} for territory in rights.territories]
        limits.append(_rule("use", "spatial", "isNoneOf", countries))
    if rights.expires_at is not None:
        end = {"@value": format_instant(rights.expires_at), "@type": "xsd:dateTime"}
        limits.append(_rule("use", "dateTime", "gteq", end))
    return limits


def _mining(purposes: Iterable[str]) -> list[Json]:
    return [_rule("tdm:mine", "purpose", "eq", purpose) for purpose in purposes]


def _rule(action: str, operand: str, operator: str, value: Json) -> dict[str, Json]:
    return {
        "action": action,
        "constraint": [{"leftOperand": operand, "operator": operator, "rightOperand": value}],
    }
