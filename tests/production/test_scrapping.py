"""A doubtful label is given up: the label itself with its serial, a copy alone."""

from pathlib import Path

from labeler.production import issuing, runs
from labeler.production.printing import doubtful, job_control
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.printing.instructions import Instruction
from labeler.production.site import Site
from labeler.units import LabelState
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.copying import copies, issue_printed, reprint, settle, shown
from tests.production.record import job


def decide(site: Site, label_id: int, decision: Decision) -> None:
    finding = Finding(decision=decision, reason="looked", operator="mk", channel="http")
    doubtful.decide(site, label_id, finding)


def cancel(site: Site, job_id: int) -> None:
    job_control.cancel(site, job_id, Instruction(reason="x", operator="mk", channel="http"))


def test_doubtful_copy_that_is_scrapped_leaves_its_unit_as_it_is(site: Site) -> None:
    issue_printed(site)
    reprint(site)
    settle(site, LabelState.DOUBTFUL)
    decide(site, 2, Decision.SCRAP)
    assert copies(site) == [(0, "printed"), (1, "scrapped")]
    assert (shown(site)["state"], job(site, 2)["state"]) == ("encoded", "canceled")
    assert shown(site)["events"][-1]["kind"] == "label_scrapped"
    assert reprint(site, key="c2")["labels"] == [{"id": 3, "copy": 2}]


def test_doubtful_copy_of_a_label_from_elsewhere_is_scrapped_alone(site: Site) -> None:
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1", print=False))
    reprint(site)
    settle(site, LabelState.DOUBTFUL)
    decide(site, 1, Decision.SCRAP)
    assert (copies(site), shown(site)["state"]) == ([(1, "scrapped")], "allocated")


def test_label_itself_that_is_scrapped_takes_its_unit_along(site: Site) -> None:
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1"))
    cancel(site, 1)
    reprint(site, copies=2)
    settle(site, LabelState.DOUBTFUL)
    decide(site, 3, Decision.SCRAP)
    assert shown(site)["state"] == "allocated"
    decide(site, 2, Decision.SCRAP)
    assert shown(site)["state"] == "label_scrapped"
    assert copies(site) == [(0, "not_printed"), (0, "scrapped"), (1, "scrapped")]


def test_copy_that_is_scrapped_leaves_the_secret_to_the_label_itself(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        runs.open_run(site, order())
        [serial] = issuing.issue_labels(site, trigger("k1")).serials
        cancel(site, 1)
        reprint(site, serial, copies=2)
        settle(site, LabelState.DOUBTFUL)
        decide(site, 3, Decision.SCRAP)
        assert shown(site, serial)["secrets"] == {"unlock": "waiting"}
        decide(site, 2, Decision.PRINTED)
        assert shown(site, serial)["secrets"] == {"unlock": "printed"}
