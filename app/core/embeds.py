"""Embeds: what other sites show inside an article, told from the markup that they hand out.

Only the address is kept: whether and how it is shown is the reader's application's choice.
"""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from app.core.blocks import EmbedBlock
from app.core.characters import clean_line
from app.core.inline import absolute_url
from app.core.urls import is_web_url

# The classes of the block quotes that turn into a post once the provider's script has run, which here it never does.
_POST_CLASSES: Final = frozenset(
    {"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "bluesky-embed", "text-post-media"}
)
_SHORT_HOSTS: Final = {
    "youtu.be": "youtube",
    "youtube-nocookie.com": "youtube",
    "t.co": "twitter",
    "fb.watch": "facebook",
}
_SECOND_LEVEL: Final = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne"})
_MAX_PROVIDER_CHARACTERS: Final = 100


def embed(address: str, *, title: str = "", base_url: str) -> EmbedBlock | None:
    """The embed of an absolute or relative `address`, over https; None when that is no web address."""
    url = absolute_url(address, base_url=base_url)
    if url is None:
        return None
    scheme, _, rest = url.partition("://")
    # A page served over https would refuse anything else, and every provider of embeds answers to it.
    url = url if scheme.lower() == "https" else f"https://{rest}"
    if not is_web_url(url):  # the longer scheme may have made it too long
        return None
    return EmbedBlock(type="embed", provider=provider_of(url), url=url, title=clean_line(title) or None)


def is_post(attributes: dict[str, str]) -> bool:
    """Whether a block quote with these attributes stands for a post on a social network."""
    return not _POST_CLASSES.isdisjoint(attributes.get("class", "").split())


def provider_of(url: str) -> str:
    """The short name of the site that a web URL belongs to, such as 'youtube' or 'bbc'."""
    host = (urlsplit(url).hostname or "").removesuffix(".")
    labels = host.split(".")
    if ".".join(labels[-2:]) in _SHORT_HOSTS:
        return _SHORT_HOSTS[".".join(labels[-2:])]
    if len(labels) < 2 or _is_address(host):
        return host[:_MAX_PROVIDER_CHARACTERS]
    has_two_level_suffix = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return labels[-3 if has_two_level_suffix else -2]


def _is_address(host: str) -> bool:
    try:
        return ip_address(host) is not None
    except ValueError:
        return False
