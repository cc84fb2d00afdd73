"""Sections, tags and contributors: the names that articles are filed under.

A name comes into being in the transaction that first publishes an article with it, never with a draft, and is listed
only while a public article carries it. May import web, db and core; knows nothing of articles but how many there are.
"""
