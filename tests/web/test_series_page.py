"""The page of a series: what config.yaml says and no version is yet, and its release."""

import re
from pathlib import Path

from tests import plants
from tests.web import accessing
from tests.web.accessing import Visitor

PEOPLE = {"Accept": "text/html"}
PAGE = "/series/controller-sn"


def read(visitor: Visitor) -> str:
    answer = visitor.ask("GET", PAGE, headers=PEOPLE)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.get_data(as_text=True)))


def test_an_engineer_releases_what_is_new_and_an_operator_does_not(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        operator = accessing.visitor(service, "op", "operator")
        assert "Version 1 is not released yet." in read(operator)
        assert "Release version 1" not in read(operator)
        form = {"comment": "first pattern"}
        assert operator.ask("POST", f"{PAGE}/release", data=form).status_code == 403
        engineer = accessing.visitor(service, "en", "engineer")
        assert "Release version 1" in read(engineer)
        nothing = engineer.ask("POST", f"{PAGE}/release", data={}, headers=PEOPLE)
        assert nothing.status_code == 422
        answer = engineer.ask("POST", f"{PAGE}/release", data=form, headers=PEOPLE)
        assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
        page = read(engineer)
        assert "Version 1 is released. Runs that open from now on take it." in page
        assert "is not released yet" not in page
        again = engineer.ask("POST", f"{PAGE}/release", data=form, headers=PEOPLE)
        assert again.status_code == 409
        audit = accessing.visitor(service, "qa", "qa").ask(
            "GET", "/api/v1/audit?kind=series_version"
        )
        row = audit.get_json()["audit"][0]
        assert (row["who"], row["reason"]) == ("en", "first pattern")
