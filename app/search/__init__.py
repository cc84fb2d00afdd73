"""Search: full text in every language of the archive, exact at once, and the same on both databases.

`core.text` makes words into stems; each article's go, marked with its language (`en_strik`), into the index of the
database: FTS5 or a tsvector, which both take them as they are. So an index answers which articles match, newest first,
and nothing else is left to it: weights are counted when an article is published, and ranked here. A query is read in
every language of the archive, because a reader does not say which is meant: what is a word in one is a stop word in
another, and a stem of one must not find another's. What filters ask for stands in the index as words of its own.

The index is written by the transaction that publishes or withdraws (`indexing`), while it holds the log's turn. May
import articles and what is below it.
"""
