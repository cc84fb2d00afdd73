"""What was said when: the versions of an article, what changed between two, and all that was public at an instant.

A version is shown as it was published; what was withdrawn is not shown at all, also when its article has come back, and
whose article is not public now has no history. May import the rest of `articles` and what is below it.
"""
