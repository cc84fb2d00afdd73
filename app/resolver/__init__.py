"""The resolver: whatever somebody calls an article by, to the article, to what became of it, or to nothing.

Partners hold ids of feeds, redirects of a former site hold its addresses, a CMS holds its own keys. All of them are
asked for here, a hundred at a time, in the few statements that one takes. May import articles and what is below it;
drafts have no names here, because nothing here can see them.
"""
