"""Between the commit of an unlock and its mark a trigger may come; neither spoils the other."""

from pathlib import Path
from typing import Any

import pytest

from labeler.production import runs
from labeler.production.safekeeping import anchoring, unlocking
from tests import plants
from tests.production.safekeeping import issue, unlock

LESS = "UPDATE site_setting SET value = CAST(CAST(value AS BIGINT) - 3 AS TEXT) WHERE name LIKE ?"


def test_a_trigger_that_comes_before_the_mark_is_settled_is_not_forgotten_by_it(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plants.write_site(tmp_path / "site", database=database_url)
    with plants.opened(path) as service:
        runs.open_run(service.site, plants.order())
        found = issue(service.site, "before", 5)
    with plants.opened(path) as service:
        service.site.store.write(lambda transaction: transaction.run_sql(LESS, ("mark_%",)))
    log_head = anchoring.log_head

    def quick(site: Any, **given: Any) -> Any:
        anchor = log_head(site, **given)
        found.extend(issue(site, "between"))
        return anchor

    with plants.opened(path) as service:
        assert unlocking.state(service.site)["lost"] == 3
        monkeypatch.setattr(anchoring, "log_head", quick)
        unlock(service.site)
        monkeypatch.setattr(anchoring, "log_head", log_head)
        found += issue(service.site, "after", 2)
        assert unlocking.state(service.site)["locked"] is False
    with plants.opened(path) as service:
        found += issue(service.site, "again")
        assert unlocking.state(service.site)["locked"] is False
    assert len(set(found)) == 9
