"""What was said when: the versions of an article, what changed between two, and all that was public at an instant.

A version is shown as it was published; what was withdrawn is not shown at all, also when its article has come back, and
whose article is not public now has no history. What changed is found by rapidfuzz, which is kept up and goes through
64 words at a step; the standard library's difflib takes cubic time on hostile texts. May import the rest of `articles`
and what is below it.
"""
