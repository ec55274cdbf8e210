"""Print the DATABASE_URL of a PostgreSQL server on which tests may create databases; print nothing when there is none.

The one in the environment comes first, then one on this machine that lets the user in without a password.
"""

import getpass
import os

import psycopg

SOCKETS = "/var/run/postgresql"


def main() -> None:
    """Print the first that answers."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        print(given)
        return
    for user in ("postgres", getpass.getuser()):
        for host, address in (("127.0.0.1", "127.0.0.1"), (SOCKETS, f"/{SOCKETS}")):
            if may_create(user, host):
                # The name is only what Django makes `test_…` of; this database itself is never made or opened.
                print(f"postgres://{user}@{address}/lendwell_{os.getpid()}")
                return


def may_create(user: str, host: str) -> bool:
    """Whether `user` gets in at `host` without a password and may create databases there."""
    question = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(host=host, user=user, dbname="postgres", connect_timeout=2) as connection:
            row = connection.execute(question).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


if __name__ == "__main__":
    main()
