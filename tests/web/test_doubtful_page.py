"""The page of doubtful labels: all of them, of one printer or of all, and what was found."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from labeler.app import Service
from labeler.production import issuing, runs
from labeler.production.printing import doubtful, line_now, spool
from labeler.units import LabelState
from tests import plants
from tests.plants import order, trigger
from tests.web import accessing
from tests.web.accessing import Visitor

MANY = 53


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Return a plant with doubtful labels on two printers; do not change it."""
    folder = tmp_path_factory.mktemp("doubts")
    zebra_2 = {"uri": "tcp://127.0.0.1:19", "language": "zpl"}
    zebra_2 |= {"media": {"width_mm": 70, "height_mm": 40}}  # type: ignore[dict-item]
    path = plants.write_site(
        folder, printers={"zebra-2": zebra_2}, lines={"line-2": {"printer": "zebra-2"}}
    )
    with plants.opened(path) as service:
        runs.open_run(service.site, order(quantity=100))
        runs.open_run(service.site, order(quantity=100, line="line-2"))
        doubt(service, "line-1", "zebra-1", MANY)
        doubt(service, "line-2", "zebra-2", 2)
        yield service


def doubt(service: Service, line: str, printer: str, count: int) -> list[int]:
    """Issue labels on a line of which nobody can say what became; return their ids."""
    key = f"{line}-{count}"
    issuing.issue_labels(service.site, trigger(key, line=line, quantity=count))
    with service.site.store.read() as transaction:
        labels = spool.waiting(transaction, printer, limit=count)
    spool.claim(service.site, [(label, "d" * 64) for label in labels], odometer=0)
    spool.settle(service.site, labels, LabelState.DOUBTFUL, why="nobody knows")
    return [label.id for label in labels]


@pytest.fixture(scope="module")
def reader(reading: Service) -> FlaskClient:
    return accessing.visitor(reading, "reader", "auditor").client


@pytest.fixture
def operator(service: Service) -> Visitor:
    runs.open_run(service.site, order(quantity=100))
    return accessing.visitor(service, "mk", "operator")


def serials(text: str) -> list[str]:
    return re.findall(r'href="/units/([A-Z0-9]+)"', text)


def test_dashboard_shows_a_few_and_leads_to_all(reader: FlaskClient) -> None:
    shown = reader.get("/dashboard").text
    assert len(serials(shown)) == 5
    link = '<a href="/doubtful">All 55 doubtful labels</a>'
    assert link in shown
    assert link in reader.get("/dashboard", headers={"HX-Request": "true"}).text


def test_page_has_every_doubtful_label_once_page_by_page(reader: FlaskClient) -> None:
    first = reader.get("/doubtful").text
    assert "55 labels are doubtful." in first
    assert len(serials(first)) == 50
    following = re.findall(r'rel="next" href="(/doubtful\?after=\d+)"', first)
    rest = reader.get(following[0]).text
    assert len({*serials(first), *serials(rest)}) == 55
    assert 'rel="next"' not in rest


def test_page_of_one_printer_has_its_labels_only(reader: FlaskClient) -> None:
    assert 'href="/doubtful?printer=zebra-2">2</a>' in reader.get("/printers").text
    assert 'href="/doubtful?printer=zebra-2"' in reader.get("/printers/zebra-2").text
    shown = reader.get("/doubtful?printer=zebra-2").text
    assert len(serials(shown)) == 2
    assert "2 labels are doubtful." in shown
    assert "It left as a whole" not in shown
    assert "Nobody can tell: look for it, or scan it." in shown
    none = reader.get("/doubtful?printer=archive").text
    assert "No label of this printer is doubtful." in none


def test_line_shows_its_own_doubtful_labels_behind_those_of_others(reading: Service) -> None:
    with reading.site.store.read() as transaction:
        found = line_now.show(reading.site, transaction, "line-2")["doubtful"]
    assert [one["printer"] for one in found] == ["zebra-2", "zebra-2"]


def test_line_says_how_many_there_are_although_it_shows_fewer(reader: FlaskClient) -> None:
    assert "53 labels are doubtful." in reader.get("/lines/line-1").text


def test_who_may_not_print_sees_no_form(reader: FlaskClient) -> None:
    shown = reader.get("/doubtful").text
    assert 'id="decide"' not in shown
    assert 'type="radio"' not in shown


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        ("printed", "Label 1 is there."),
        ("print_again", "Label 1 is printed again, with the same serial."),
        ("scrap", "Label 1 is given up."),
    ],
)
def test_decision_is_entered_with_its_reason_and_who_found_it(
    service: Service, operator: Visitor, decision: str, sentence: str
) -> None:
    assert doubt(service, "line-1", "zebra-1", 2) == [1, 2]
    shown = operator.client.get("/doubtful").text
    assert f'<option value="{decision}"' in shown
    form = {
        "csrf_token": operator.csrf,
        "label": "1",
        "decision": decision,
        "reason": "looked into the tray",
        "back": "/doubtful?printer=zebra-1",
    }
    answer = operator.client.post("/doubtful", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/doubtful?printer=zebra-1")
    after = operator.client.get("/doubtful?printer=zebra-1").text
    assert sentence in after
    assert len(serials(after)) == 1
    with service.site.store.read() as transaction:
        detail = transaction.run_sql(
            "SELECT detail FROM event WHERE label_id = 1 ORDER BY id DESC LIMIT 1"
        )[0][0]
        left = [one["id"] for one in doubtful.list_doubtful(transaction)]
    assert left == [2]
    for said in (decision, "looked into the tray", "mk"):
        assert said in str(detail)


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"reason": ""}, 1002),
        ({"decision": "lost"}, 1002),
        ({"label": "99"}, 5002),
    ],
)
def test_decision_that_cannot_be_entered_is_refused(
    service: Service, operator: Visitor, changes: dict[str, str], number: int
) -> None:
    doubt(service, "line-1", "zebra-1", 1)
    form = {"csrf_token": operator.csrf, "label": "1", "decision": "printed", "reason": "seen"}
    answer = operator.client.post("/doubtful", data=form | changes, headers={"Accept": "text/html"})
    assert f"{number} · " in answer.text
    with service.site.store.read() as transaction:
        assert len(doubtful.list_doubtful(transaction)) == 1


def test_page_asked_wrongly_is_refused(reader: FlaskClient) -> None:
    answer = reader.get("/doubtful?after=x", headers={"Accept": "text/html"})
    assert (answer.status_code, "1002 · " in answer.text) == (422, True)


def test_doubtful_labels_are_found_in_their_index(service: Service) -> None:
    with service.site.store.read() as transaction:
        plan = transaction.run_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM label WHERE label.state = 'doubtful' "
            "AND printer IN ('zebra-1') AND id > 5 ORDER BY id LIMIT 50"
        )
    assert "label_doubtful_index" in str(plan)
