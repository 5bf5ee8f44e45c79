"""API keys: shown once, revocable, found without asking the database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from labeler.errors import Refusal
from labeler.production.access import api_keys, keeping
from labeler.production.access.api_keys import NewKey
from labeler.production.site import Site
from labeler.roles import Permission
from tests import plants
from tests.plants import Clock
from tests.production.access import people

PLC = NewKey(name="PLC", permissions=["print", "read", "print"], lines=["line-1"])


def statements(site: Site, work: Callable[[], Any]) -> int:
    """Return how often the database is asked while ``work`` is done."""
    taken: list[object] = []
    listen = lambda *_: taken.append(1)  # noqa: E731
    event.listen(site.store.engine, "checkout", listen)
    try:
        work()
    finally:
        event.remove(site.store.engine, "checkout", listen)
    return len(taken)


def test_a_key_is_shown_once_and_kept_as_a_hash(any_site: Site) -> None:
    made = api_keys.make(any_site, PLC, by=people.BY)
    key = made.pop("key")
    with any_site.store.read() as transaction:
        assert api_keys.list_keys(transaction) == [made]
    assert made == {
        "id": key.split("_")[1], "name": "PLC", "permissions": ["print", "read"],
        "lines": ["line-1"], "created_at": plants.NOON, "created_by": "admin",
        "last_used_at": None, "revoked_at": None, "revoked_by": None,
    }  # fmt: skip
    found = api_keys.check(any_site, key)
    assert found is not None
    assert (found.name, found.permissions, found.lines) == (
        "PLC",
        frozenset({Permission.PRINT, Permission.READ}),
        frozenset({"line-1"}),
    )
    assert key.split("_")[2] not in str(people.told(any_site))


def test_what_is_no_key_is_none(site: Site) -> None:
    key = api_keys.make(site, PLC, by=people.BY)["key"]
    for wrong in ("", "lab", "lab__", key[:-1], f"{key}0", key.upper(), f"x{key}", "lab_a_b_c"):
        assert api_keys.check(site, wrong) is None


def test_a_key_costs_no_query(site: Site, clock: Clock) -> None:
    key = api_keys.make(site, PLC, by=people.BY)["key"]
    api_keys.check(site, key)
    clock.go_on(hours=1)
    assert statements(site, lambda: [api_keys.check(site, key) for _ in range(100)]) == 0


def test_a_revoked_key_is_none_at_once(any_site: Site) -> None:
    made = api_keys.make(any_site, PLC, by=people.BY)
    assert api_keys.check(any_site, made["key"]) is not None
    done = api_keys.revoke(any_site, made["id"], by=people.BY)
    assert (done["revoked_at"], done["revoked_by"]) == (plants.NOON, "admin")
    assert api_keys.check(any_site, made["key"]) is None
    assert api_keys.revoke(any_site, made["id"], by=people.BY) == done
    assert [kind for kind, _ in people.told(any_site)] == ["api_key_made", "api_key_revoked"]


def test_a_key_revoked_by_another_process_is_none_within_five_seconds(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    clock = Clock()
    with (
        plants.opened(path, clock=clock, shared=True) as ours,
        plants.opened(path, clock=clock, shared=True) as theirs,
    ):
        made = api_keys.make(ours.site, PLC, by=people.BY)
        assert api_keys.check(theirs.site, made["key"]) is not None
        api_keys.revoke(ours.site, made["id"], by=people.BY)
        clock.go_on(seconds=5)
        api_keys.check(theirs.site, made["key"])
        clock.go_on(seconds=0.1)
        assert api_keys.check(theirs.site, made["key"]) is None


def test_the_last_use_is_written_later(any_site: Site, clock: Clock) -> None:
    made = api_keys.make(any_site, PLC, by=people.BY)
    assert keeping.note_used(any_site) == 0
    clock.go_on(minutes=5)
    assert api_keys.check(any_site, made["key"]) is not None
    assert keeping.note_used(any_site) == 1
    with any_site.store.read() as transaction:
        [row] = api_keys.list_keys(transaction)
    assert row["last_used_at"] == clock.now


def test_the_last_use_is_written_when_the_service_ends(site: Site) -> None:
    made = api_keys.make(site, PLC, by=people.BY)
    with keeping.Keeper(site):
        api_keys.check(site, made["key"])
    with site.store.read() as transaction:
        [row] = api_keys.list_keys(transaction)
    assert row["last_used_at"] == plants.NOON


def test_a_key_that_was_changed_while_keys_were_read_is_not_remembered(site: Site) -> None:
    made = api_keys.make(site, PLC, by=people.BY)
    ring, read = site.access.keys, site.store.read

    def late() -> Any:
        found = read()
        api_keys.revoke(site, made["id"], by=people.BY)
        return found

    site.store.read = late  # type: ignore[method-assign]
    ring.load(site.store, now=plants.NOON)
    site.store.read = read  # type: ignore[method-assign]
    assert api_keys.check(site, made["key"]) is None


@pytest.mark.parametrize(
    ("wish", "number", "sentence"),
    [
        (
            NewKey(name="x", permissions=["fly"]),
            1002,
            f"'fly' is no permission: expected some of {', '.join(Permission)}.",
        ),
        (NewKey(name="x", permissions=["read"], lines=[]), 1002, "A key for no line is of no use."),
        (NewKey(name="x", permissions=["read"], lines=["l9"]), 2001, "There is no line 'l9'."),
    ],
)
def test_a_key_for_nothing_is_refused(site: Site, wish: NewKey, number: int, sentence: str) -> None:
    with pytest.raises(Refusal) as caught:
        api_keys.make(site, wish, by=people.BY)
    assert (caught.value.kind.number, caught.value.sentence) == (number, sentence)


def test_an_unknown_key_cannot_be_revoked(site: Site) -> None:
    with pytest.raises(Refusal) as caught:
        api_keys.revoke(site, "x", by=people.BY)
    assert (caught.value.kind.number, caught.value.sentence) == (7013, "There is no API key 'x'.")
