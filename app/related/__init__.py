"""Read also: the articles worth reading next, each with its reasons.

A first method, behind `finding.related`: shared tags weighted by how rare they are, rare words that headlines and
summaries share, and freshness, over a bounded neighbourhood of the article. It keeps no index of its own. A method
measured on gold data is to replace it without touching anybody else. May import articles and what is below it.
"""
