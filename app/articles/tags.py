"""Entity tags of documents: which state it is, known without its bytes.

Whatever changes a byte of a document appends a line to the log, and the article has the number of its last one.
"""

import re
from hashlib import sha256

from starlette.requests import Request

from app.articles.reading import NO_SEQ, Stored
from app.articles.rendering import FORMAT

_TAG = re.compile(rb'W/"([0-9]{1,18})-[0-9a-f]{16}"')


def document_tag(article: Stored, api_url: str) -> bytes:
    """The weak entity tag of an article's whole document, its links completed with `api_url`."""
    # The number alone may come twice, once a database was restored from a copy.
    state = f"{article.id} {article.modified_at.timestamp()} {FORMAT} {api_url}"
    return b'W/"%d-%s"' % (article.own_seq, sha256(state.encode()).hexdigest()[:16].encode())


def known_seq(request: Request) -> int:
    """The line of the log in the one tag of If-None-Match; NO_SEQ where it has another form, or several."""
    given = [value for name, value in request.scope["headers"] if name == b"if-none-match"]
    told = _TAG.fullmatch(given[0].strip()) if len(given) == 1 else None
    return int(told[1]) if told else NO_SEQ
