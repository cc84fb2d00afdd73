"""Read also: the articles worth reading next, each with its reasons.

A follower of the log keeps an index of what is alike, and each article's list in it (`following`, `indexing`). Readers
get the stored list, joined with what is public at that moment and with what editors chose (`finding`): a withdrawn
article is gone at once, and a read costs a few look-ups by key, whatever the size of the archive. May import articles
and what is below it.
"""
