"""The page of a locked site: everybody is told, and two people let it go on."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeler.app import Service
from tests import plants
from tests.production.safekeeping import Plant, issue
from tests.web import accessing
from tests.web.accessing import PASSWORD, Visitor

PEOPLE = {"Accept": "text/html"}
BANNER = "The site is locked: nothing is issued."
FORM = {"reason": "backup put back", "approved_by": "ab", "second_password": PASSWORD, "steps": "7"}


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Service]:
    """Return a plant with accounts whose database is older than what was issued."""
    plant = Plant(tmp_path / "site")
    with plants.opened(plant.path) as service:
        accessing.add(service, "mk", "admin")
        accessing.add(service, "ab", "qa")
        accessing.add(service, "op", "operator")
    kept = plant.save()
    with plants.opened(plant.path) as service:
        issue(service.site, "lost", 2)
    plant.put_back(kept)
    with plants.opened(plant.path) as service:
        yield service


def read(visitor: Visitor, path: str) -> str:
    answer = visitor.ask("GET", path, headers=PEOPLE)
    assert answer.status_code == 200
    text: str = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.get_data(as_text=True)))
    return text


def send(visitor: Visitor, **form: str) -> Any:
    return visitor.ask("POST", "/site/unlock", data=form, headers=PEOPLE)


def test_whoever_signs_in_is_told_on_every_page(locked: Service) -> None:
    operator = accessing.signed_in(locked.web.test_client(), "op")
    for path in ("/lines", "/lines/line-1", "/runs", "/site"):
        assert BANNER in read(operator, path)
    line = operator.ask("GET", "/lines/line-1", headers=PEOPLE).get_data(as_text=True)
    assert "Wait: the site is locked, and nothing is issued. Tell an engineer." in line
    assert 'id="print-button" disabled' in line
    page = read(operator, "/site")
    assert "Numbers of each counter that may be lost 2" in page
    assert "Unlock the site" not in page
    assert send(operator, **FORM).status_code == 403
    assert BANNER not in locked.web.test_client().get("/sign-in").get_data(as_text=True)


def test_two_people_let_the_site_go_on_and_the_record_says_who(locked: Service) -> None:
    admin = accessing.signed_in(locked.web.test_client(), "mk")
    assert "Unlock the site" in read(admin, "/site")
    answer = send(admin, **FORM)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/site")
    page = read(admin, "/site")
    assert "The site goes on: 7 numbers of each counter were left out." in page
    assert "Not locked" in page
    assert BANNER not in page
    rows = admin.ask("GET", "/api/v1/audit?kind=site_unlocked").get_json()["audit"]
    said = rows[0]["detail"]
    assert (said["operator"], said["approved_by"], said["reason"], said["steps"]) == (
        "mk",
        "ab",
        "backup put back",
        7,
    )
    assert rows[0]["channel"] == "page"
    again = send(admin, **FORM)
    assert again.status_code == 422
    assert "The site is not locked." in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        (
            {"second_password": "wrong"},
            401,
            "The second person is not proved. Name and password do not fit.",
        ),
        ({"approved_by": "mk"}, 422, "cannot be the second person, too."),
        ({"approved_by": "op"}, 403, "lacks the permission quality"),
        ({"reason": " "}, 422, "reason"),
        ({"steps": "-1"}, 422, "steps"),
        ({"steps": "many"}, 422, "steps"),
    ],
)
def test_one_person_or_half_an_answer_leaves_it_locked(
    locked: Service, change: dict[str, str], status: int, sentence: str
) -> None:
    admin = accessing.signed_in(locked.web.test_client(), "mk")
    answer = send(admin, **FORM | change)
    assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (status, True)
    assert 'href="/site">' in answer.get_data(as_text=True)
    assert "Back to the page" in answer.get_data(as_text=True)
    assert BANNER in read(admin, "/lines")
