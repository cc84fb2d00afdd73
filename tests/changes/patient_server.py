"""`dateline` whose readers wait for five minutes, so that only being told to stop can end their waiting in time.

A program: every process that it starts runs these lines too.
"""

from app import cli
from app.changes import freshness

freshness.WAIT_SECONDS = 300

if __name__ == "__main__":
    cli.main()
