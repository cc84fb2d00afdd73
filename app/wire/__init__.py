"""The log for those who follow it: each line with what is public now, polled, streamed, or from the whole of an export.

It exists because `changes` stands below `articles` and knows only ids. May import articles, changes, web, db and core.
"""
