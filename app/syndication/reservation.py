"""Whether machines may be trained on what an answer holds, in the fields of the TDM Reservation Protocol (W3C)."""

from app.syndication.entry import Site


def reservation(site: Site, *, train: bool | None) -> dict[str, str]:
    """The header fields of an article whose own rights say this of training; None leaves it to the site."""
    is_allowed = site.terms.train if train is None else train
    return {"TDM-Reservation": "0" if is_allowed else "1", "TDM-Policy": site.license_url}
