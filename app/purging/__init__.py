"""A CDN in front is told what to forget: the surrogate keys of whatever a change touches, once it is public.

With that, the CDN may keep every answer for an hour, and a withdrawn text is gone within a second all the same. It is a
follower of the log and of the purges with a place of its own (`store`), because what it does cannot be undone by a
rollback: a purge is sent first, and the place moves when the service has taken it. So a crash sends a purge twice and
never loses one. Who sends is decided by a lease, not by a lock: no transaction is open while a service answers.

`services` knows the shapes of the vendors and does no I/O, `sending` does it, `following` decides when. May import
changes and what is below it: what an article is, it need not know.
"""
