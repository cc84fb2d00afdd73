"""Latest news for screens: the newest articles with local times, their days, and what has come since.

It orders by `published_at`, which no edit moves, so a reader who pages or polls misses nothing and sees nothing twice.
May import articles and what is below it.
"""
