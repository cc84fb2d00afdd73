"""The log: one line for every change of what is public, numbered without a gap.

It exists so that every delivery (polling, streams, webhooks, purges) reads one truth in one order. It knows an article
only by its id, so that it can stand below `articles`. May import web, db and core.

What a line touches, `touching` says as surrogate keys: the edge and a CDN forget by them. What followers change later
than the log (related lists, storylines) they say in `purges`; `news` tells a process of both.
"""
