"""The words every other package speaks: errors, clock, ids, text analysis, markup, urls.

Decision record. What newsrooms and outside feeds send us (instants, languages, names, markup, links) is judged here,
once, by pure functions of their arguments: every tier above works with values that are already right, and every rule is
tested as a table of cases. Nothing here knows a database, a request or a setting, and nothing from above is imported:
no FastAPI, no SQLAlchemy. Pydantic is allowed, for the shapes of a body's blocks.
"""
