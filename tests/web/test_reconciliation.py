"""The balance of a run over HTTP: its numbers, their serials, who signs, and the certificate."""

from flask.testing import FlaskClient

from labeler.app import Service
from labeler.certificates import checking
from labeler.web import shapes
from labeler.web import shapes_reconciliation as own
from tests.production.record import serials
from tests.web import accessing
from tests.web.asking import issue, open_run, refusal

RUN = "/api/v1/runs/1"


def test_run_is_reconciled_and_released_over_http(any_client: FlaskClient) -> None:
    client = any_client
    open_run(client)
    issue(client, quantity=3, print=False)
    client.post(f"{RUN}/close")
    found = client.get(f"{RUN}/reconciliation").get_json()
    own.Balance.model_validate(found)
    assert (found["difference"], found["balanced"], found["reconciled"]) == (3, False, None)
    page = client.get(found["serials"]["handed_out"], query_string={"limit": 2}).get_json()
    own.BalanceSerials.model_validate(page)
    rest = client.get(f"{RUN}/reconciliation/handed_out?after={page['next']}").get_json()
    listed = [one["serial"] for one in page["serials"] + rest["serials"]]
    assert (listed, rest["next"]) == (list(serials(1, 3)), None)
    refused = client.post(f"{RUN}/reconcile", json={"operator": "mk"})
    told = refused.get_json()
    assert (refused.status_code, told["number"], told["difference"], told["causes"]) == (
        *(409, 2030, 3),
        {"handed_out": 3},
    ), "the problem document has the numbers"
    deviation = {"reason": "lost", "approved_by": "qa", "difference": 3}
    body = {"operator": "mk", "deviation": deviation}
    signed = client.post(f"{RUN}/reconcile", json=body).get_json()
    own.Reconciliation.model_validate(signed)
    assert client.get(f"{RUN}/reconciliation").get_json()["reconciled"] == {
        name: value for name, value in signed.items() if name != "run"
    }
    assert refusal(client.post(f"{RUN}/release", json={"operator": "mk"}))[0] == 5026
    released = client.post(f"{RUN}/release", json={"operator": "qa"}).get_json()
    shapes.Run.model_validate(released)
    assert released["state"] == "released"


def test_what_cannot_be_asked_of_a_balance_is_refused(client: FlaskClient) -> None:
    open_run(client)
    assert refusal(client.get("/api/v1/runs/9/reconciliation"))[0] == 2003
    assert refusal(client.get(f"{RUN}/reconciliation/none"))[0] == 1002
    assert refusal(client.get(f"{RUN}/reconciliation/encoded?after=x"))[0] == 1002
    assert refusal(client.post(f"{RUN}/reconcile", json={"operator": "mk"}))[0] == 2021
    assert refusal(client.post(f"{RUN}/release", json={"operator": "mk"}))[0] == 2021


def test_certificate_and_key_over_http(client: FlaskClient) -> None:
    open_run(client)
    assert refusal(client.get(f"{RUN}/certificate"))[0] == 6040
    client.post(f"{RUN}/close")
    key = client.get("/api/v1/site/key").get_json()
    own.SiteKey.model_validate(key)
    found = client.get(f"{RUN}/certificate")
    assert (found.mimetype, found.headers["Content-Disposition"]) == (
        "application/pdf",
        'inline; filename="run-000001-certificate.pdf"',
    )
    checked = checking.check_pdf(found.data, fingerprint=key["fingerprint"])
    assert checked.verdict == "valid"


def test_the_trail_knows_who_wanted_a_certificate_and_was_signed_in(
    client: FlaskClient, service: Service
) -> None:
    open_run(client)
    client.post(f"{RUN}/close")
    visitor = accessing.visitor(service, "ab", "qa")
    for query in ("", "?operator=mk"):  # somebody signed in is who he is
        assert visitor.ask("GET", f"{RUN}/certificate{query}").status_code == 200
    assert client.get(f"{RUN}/certificate?operator=mk").status_code == 200
    rows = client.get("/api/v1/audit?kind=certificate_made").get_json()["audit"]
    assert [row["who"] for row in rows] == ["mk", "ab", "ab"]


def test_who_asks_for_the_head_of_a_certificate_gets_none_made(client: FlaskClient) -> None:
    open_run(client)
    assert client.head(f"{RUN}/certificate").status_code == 409
    assert client.head("/api/v1/runs/9/certificate").status_code == 404
    client.post(f"{RUN}/close")
    before = client.get("/api/v1/audit").get_json()["audit"]
    found = client.head(f"{RUN}/certificate")
    assert (found.status_code, found.mimetype, found.data) == (200, "application/pdf", b"")
    assert client.get("/api/v1/audit").get_json()["audit"] == before
