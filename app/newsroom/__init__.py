"""The newsroom's side: drafts, and the verbs that make them public or take them back.

Drafts belong to this package and nothing that answers the public may import it: that is the first proof of the embargo.
What is allowed when is decided in `lifecycle`, without I/O. May import articles, changes, taxonomy, partners, web, db
and core.
"""
