"""Stories of a small invented town, told in many ways, for tests of what is alike."""

from itertools import product
from random import Random
from typing import Any

PLACES = ["Cap Selvan", "Port Morrow", "Vell", "Anhalt Bay", "Quiros", "Tern Island"]
EVENTS = {
    "strike": "dockers union walkout wages harbour cranes picket ballot arbitration overtime",
    "flood": "river levee rainfall evacuation sandbags dike pumps shelter downpour crest",
    "trial": "jury verdict prosecutor bribery testimony courthouse sentence appeal defendant indictment",
    "election": "ballots turnout candidate coalition mayor polling recount manifesto runoff campaign",
    "final": "striker penalty stadium goalkeeper trophy extra-time referee supporters coach equaliser",
}
SYLLABLES = ["ba", "cor", "den", "fil", "gra", "hol", "jun", "kel", "mor", "nis", "pru", "sto", "tal", "vin"]
FILLER = ["".join(word) for word in product(SYLLABLES, repeat=2)]


def story(random: Random, kind: str, place: str) -> dict[str, Any]:
    """Article input about this kind of event at this place, in words of its own."""
    words = EVENTS[kind].split()
    said = [" ".join([place, *random.sample(words, 4), *random.sample(FILLER, 6)]).capitalize() + "." for _ in range(8)]
    headline = f"{place} {kind}: {' '.join(random.sample(words, 3))}"
    tags = [{"name": place, "kind": "place"}] if random.random() < 0.7 else []
    return {"headline": headline, "summary": said[0], "body_text": "\n\n".join(said), "tags": tags, "section": "world"}


def stories(seed: int, count: int) -> list[dict[str, Any]]:
    """So many stories, of a few events."""
    random = Random(seed)
    events = [(kind, place) for kind in EVENTS for place in PLACES]
    return [story(random, *random.choice(events[:12])) for _ in range(count)]
