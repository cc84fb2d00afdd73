"""What is public in the formats that other systems read: feeds, sitemaps, linked data, and what may be done with it.

Every format is written from the same documents that the JSON is, found by the same filters, so that none can show what
the JSON does not. A feed is streamed: each article is read, written and forgotten. lxml writes the XML: feedgenerator,
which the design names, has no archives, tombstones or media credits, builds a whole feed in memory, and would have
been overridden method by method. Imports `articles` and what lies below it; never a sibling.
"""
