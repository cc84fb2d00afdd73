"""What machines may do, in the words of Really Simple Licensing (RSL 1.0, rslstandard.org)."""

from typing import Final, NamedTuple

from app.syndication.entry import Terms

NAMESPACE: Final = "https://rslstandard.org/rsl"
MEDIA_TYPE: Final = "application/rsl+xml"


class Usage(NamedTuple):
    """Uses by their tokens (3.4.1.1): what is permitted is all that is, so that each is in one of both."""

    permits: tuple[str, ...]
    prohibits: tuple[str, ...]


def usage(terms: Terms) -> Usage:
    """The uses that these terms allow and forbid.

    RSL has one word for grounding an answer and for summarising, `ai-input`: allowed only where both are. An index for
    machines (`ai-index`) has no other end. To be found (`search`) is always allowed.
    """
    is_input = terms.ground and terms.summarise
    allowed = {"search": True, "ai-index": is_input, "ai-input": is_input, "ai-train": terms.train}
    return Usage(
        tuple(token for token, is_allowed in allowed.items() if is_allowed),
        tuple(token for token, is_allowed in allowed.items() if not is_allowed),
    )
