"""A database server that hangs: it holds its connections open and answers nothing."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.e2e.harness import Service, make_site, wait_until
from tests.postgres import fresh_database


@contextmanager
def hanging(url: str) -> Iterator[None]:
    """Stop every session of a database where it stands, and let it go on at the end."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    for (pid,) in rows:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for (pid,) in rows:
            os.kill(pid, signal.SIGCONT)


def test_a_database_that_hangs_keeps_nobody_from_asking_nor_from_stopping(
    tmp_path, postgres_server
):
    url = fresh_database(postgres_server)
    site = make_site(tmp_path / "site", database_url=url)
    site.change("http", drain_timeout_s=2.0)
    with Service(site) as service:
        with hanging(url):
            time.sleep(2)  # the watch over the lock has asked meanwhile
            assert site.answers("/healthz")
            start = time.monotonic()
            assert service.stop() == 0
            assert time.monotonic() - start < 20  # printers get ten seconds to finish
        with service:  # and once the server goes on, so do we
            assert wait_until(lambda: site.answers("/readyz"))
