"""What pages answer: who gets one, what a form needs, what is kept, and what files they load."""

import gzip
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from hatchling.builders.wheel import WheelBuilder
from jinja2 import UndefinedError

from labeler import units
from labeler.app import Service
from labeler.production.exports import sources
from labeler.production.reconciling.terms import CAUSES
from labeler.production.safekeeping import audit_kinds, audit_rows
from labeler.web import assets, texts
from labeler.web.pages import rendering, words
from labeler.web.pages.event_words import THINGS
from tests.browser.demo import Demo
from tests.browser.screens import SCREENS
from tests.test_house import ROOT
from tests.web import accessing

PEOPLE = {"Accept": "text/html,*/*;q=0.8"}
PAGES = ("/dashboard", "/lines", "/lines/line-1", "/runs", "/units", "/audit")


@pytest.fixture
def client(service: Service) -> FlaskClient:
    """Return the browser of somebody who has signed in."""
    return accessing.visitor(service, "mk", "engineer").client


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/lines").text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("address", PAGES)
def test_page_says_what_a_browser_may_do_with_it(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=PEOPLE)
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert answer.headers["Content-Security-Policy"] == rendering.POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_start_leads_to_the_dashboard(client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dashboard")


def test_refusal_is_a_page_for_people_and_a_document_for_programs(client: FlaskClient) -> None:
    page = client.get("/runs/9", headers=PEOPLE)
    assert page.status_code == 404
    assert "There is no run 9." in page.text
    assert "2003 · No such run" in page.text
    assert client.get("/runs/9").get_json()["number"] == 2003
    assert client.get("/api/v1/runs/9", headers=PEOPLE).get_json()["number"] == 2003
    assert "There is nothing at /nothing." in client.get("/nothing", headers=PEOPLE).text


def test_refusal_for_htmx_is_a_part_of_a_page(client: FlaskClient) -> None:
    answer = client.get("/units?recall=none", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "<html" not in answer.text
    assert "There is no recall &#39;none&#39;." in answer.text


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/units?from=yesterday", "&#39;yesterday&#39; is no day."),
        ("/units?search=ab", "search: expected text of 3 to 64 characters, got &#39;ab&#39;."),
        ("/runs?colour=red", "colour is not a known key."),
    ],
)
def test_filter_that_is_wrong_is_refused_in_words(
    client: FlaskClient, address: str, sentence: str
) -> None:
    answer = client.get(address, headers=PEOPLE)
    assert (answer.status_code, sentence in answer.text) == (422, True), answer.text


def test_filter_left_empty_says_nothing(client: FlaskClient) -> None:
    answer = client.get("/units?search=&state=&from=&to=&lot=", headers=PEOPLE)
    assert (answer.status_code, "No units yet" in answer.text) == (200, True)


@pytest.mark.parametrize("given", ["", "another"])
def test_form_without_the_token_of_its_page_is_refused(client: FlaskClient, given: str) -> None:
    token(client)
    answer = client.post("/switches/theme", data={"theme": "dark", "csrf_token": given})
    assert answer.get_json()["detail"] == "The form came without the token of its page."


@pytest.mark.parametrize("back", ["//elsewhere.example/", "https://elsewhere.example", "/\\x", ""])
def test_form_leads_back_to_this_site_only(client: FlaskClient, back: str) -> None:
    answer = client.post("/switches/theme", data={"csrf_token": token(client), "back": back})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_theme_that_was_chosen_is_drawn_by_the_server(client: FlaskClient) -> None:
    data = {"csrf_token": token(client), "theme": "dark", "back": "/runs"}
    assert client.post("/switches/theme", data=data).headers["Location"] == "/runs"
    assert 'data-bs-theme="dark"' in client.get("/runs").text
    client.post("/switches/theme", data={**data, "theme": "auto"})
    assert 'data-theme="auto" data-bs-theme="light"' in client.get("/runs").text


def test_language_is_the_chosen_one_then_that_of_the_browser(client: FlaskClient) -> None:
    german = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
    assert '<html lang="de"' in client.get("/units", headers=german).text
    assert '<html lang="en"' in client.get("/units", headers={"Accept-Language": "fr"}).text
    data = {"csrf_token": token(client), "language": "en"}
    client.post("/switches/language", data=data)
    assert "<h1>Serial numbers</h1>" in client.get("/units", headers=german).text


def test_states_all_have_a_word_and_an_icon_that_is_there() -> None:
    kinds = {
        "run": units.RunState,
        "unit": units.UnitState,
        "label": units.LabelState,
        "job": units.JobState,
    }
    for name, states in kinds.items():
        assert sorted(words.STATES[name]) == sorted(one.value for one in states)
    found = assets.asset("vendor/tabler-icons/icons.svg")
    assert found is not None
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', found.content.decode()))
    used = {one.icon for kind in words.STATES.values() for one in kind.values()}
    for path in (ROOT / "labeler/web/pages").rglob("*.html"):
        used |= set(re.findall(r'icon\("([\w-]+)"\)', path.read_text()))
    assert sorted(used - drawn) == []


def test_template_that_lacks_a_value_is_a_bug_and_no_gap(client: FlaskClient) -> None:
    with (
        client.application.test_request_context("/lines"),
        pytest.raises(UndefinedError, match="'rows' is undefined"),
    ):
        rendering.markup("parts/lines.html")


def test_file_is_kept_for_ever_at_an_address_of_its_content(client: FlaskClient) -> None:
    address = assets.address("app.css")
    plain = client.get(address)
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.content_type == "text/css; charset=utf-8"
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["ETag"] != packed.headers["ETag"]
    again = client.get(address, headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "address",
    ["/static/000000000000/app.css", "/static/x/../app.py", "/static/x/%2e%2e/texts.py"],
)
def test_file_of_another_version_or_place_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_wheel_carries_pages_texts_and_what_they_load() -> None:
    carried = {one.distribution_path for one in WheelBuilder(str(ROOT)).recurse_included_files()}
    web = ROOT / "labeler/web"
    wanted = [*web.glob("static/**/*"), *web.glob("pages/html/**/*"), *web.glob("translations/*")]
    names = {path.relative_to(ROOT).as_posix() for path in wanted if path.is_file()}
    assert len(names) > 20
    assert sorted(names - carried) == []


NO_PAGES = {
    *("pages.template_pictures.draw_template", "pages.template_pictures.draw_difference"),
    *("pages.printers.draw_test_label", "pages.exports.export_file"),
}
"""What answers a picture or a file."""


def test_every_page_is_a_screen_that_is_looked_at_and_drawn(service: Service) -> None:
    known = {
        rule.endpoint
        for rule in service.web.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and "GET" in (rule.methods or ())
    }
    values: dict[str, Any] = dict.fromkeys(Demo.__dataclass_fields__, 1)
    demo = Demo(**values | {"serials": ("A1",), "recall": "R-01"})
    found = service.web.url_map.bind("")
    shown = {str(found.match(urlsplit(one.at(demo)).path)[0]) for one in SCREENS}
    assert sorted(known - shown) == sorted(NO_PAGES)
    assert sorted(shown - known) == []


def test_text_without_a_request_is_english() -> None:
    assert texts.gettext("Serial numbers") == "Serial numbers"
    assert texts.catalogue("de").gettext("Serial numbers") == "Seriennummern"


def test_trail_says_states_in_the_words_of_their_things() -> None:
    assert words.changed("unit_sampled", "commissioned") == "Commissioned"
    assert words.changed("run_released", "released") == "Released"
    assert words.changed("unit_released", "released") == "Left the plant"
    assert words.changed("job_priority", "50") == "50"
    assert words.changed("api_key_made", '["print", "read"]') == "issue and print, read"
    assert words.changed("account_changed", '["qa"]') == "QA"
    assert words.changed("account_changed", '["') == '["'
    assert words.changed("account_changed", None) is None
    assert words.changed("unit_owner_changed", '["qa"]') == '["qa"]'
    assert words.word("label_printed") == "Label printed"
    assert words.word("no_such_word") == "no such word"


def test_every_kind_of_row_of_the_trail_has_a_word_of_its_own_in_german() -> None:
    german = texts.catalogue("de").gettext
    missing = [one for one in audit_kinds.KINDS if one not in words.WORDS]
    same = [one for one in audit_kinds.KINDS if german(words.word(one)) == words.word(one)]
    assert (sorted(missing), sorted(same)) == ([], [])


def test_trail_says_what_a_row_is_about_by_the_word_for_such_things() -> None:
    assert words.thing("api_key MES (7f65)") == "API key MES (7f65)"
    assert words.thing("site") == "site"
    assert words.thing("serial AC 1") == "serial AC 1"
    assert words.thing("planet 7") == "planet 7"
    assert set(audit_rows._THINGS) <= set(THINGS)


def test_sentences_of_pages_about_balances_and_exports_are_those_of_the_record() -> None:
    assert {cause: words.word(f"cause_{cause}") for cause in CAUSES} == dict(CAUSES)
    known = {name: sources.load(name).about for name in sources.names()}
    assert {name: words.word(f"about_{name}") for name in known} == known
