"""What is public. A row in `articles` is public, and nothing else is.

Publishing writes the row with its rendered document and card; withdrawing removes it and leaves a tombstone. Reading
selects those bytes. Nothing here can see a draft: `newsroom` stands above and hands over finished content.
May import changes, taxonomy, partners, web, db and core.
"""
