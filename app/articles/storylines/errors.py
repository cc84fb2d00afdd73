"""What can go wrong with a storyline, as clients are told it."""

from app.core.errors import NotFound


class StorylineNotFound(NotFound):
    """No storyline with public articles has this id or slug."""

    slug = "storyline-not-found"
    title = "There is no such storyline"
    explanation = (
        "No storyline with public articles has this id or slug, now or formerly. A storyline whose articles were all "
        "withdrawn is gone. The developing ones are listed at `/v1/storylines`."
    )
    example_detail = "No storyline has the id or slug 'dockers-strike'."
    fields = ("Dateline-Seq",)
