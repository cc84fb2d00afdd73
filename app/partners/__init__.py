"""Who may do what: API keys and their scopes.

Keys are 256 random bits, looked up by a public prefix and kept only as a SHA-256: a slow hash would defend nothing that
is not already out of reach of guessing, and cost 240 ms a request. May import web, db and core.
"""
