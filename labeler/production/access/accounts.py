"""The verbs of accounts: make one, change it, disable it, give it a password, a badge and a PIN."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from labeler.errors import ACCOUNT_EXISTS, BAD_VALUE, BADGE_TAKEN, LAST_ADMIN, Refusal
from labeler.production.access import account_rows, passwords, sessions
from labeler.production.access.account_rows import ACCOUNT, ROLE, By
from labeler.production.site import Site
from labeler.roles import Role
from labeler.store import Transaction

ONE_TIME = "one_time_password"
"""Where a reply says the password that is shown once."""
_ADMINS_KEY = 0x61636373
"""Whoever takes admins away holds this: two at once would each leave the other as the last one."""


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """Somebody who gets an account."""

    name: str
    display_name: str
    roles: Sequence[str]
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class AccountChange:
    """What is to be another; None: it stays."""

    display_name: str | None = None
    roles: Sequence[str] | None = None
    language: str | None = None


def create(site: Site, wish: NewAccount, by: By) -> dict[str, Any]:
    """Make an account; its reply holds a one-time password, which stands nowhere else.

    Refuses a name that is taken (7011), and no or unknown roles (1002).
    """
    _require_roles(wish.roles)
    password = passwords.one_time(site.random_bytes(16))
    kept = passwords.hashed(password)

    def work(transaction: Transaction) -> dict[str, Any]:
        add(transaction, site, wish, password_hash=kept, by=by)
        return account_rows.show(transaction, wish.name)

    return {**site.store.write(work, locks=True), ONE_TIME: password}


def add(
    transaction: Transaction, site: Site, wish: NewAccount, *, password_hash: str, by: By
) -> None:
    """Write an account down that has to change its password; refuse (7011) a name taken."""
    now = site.clock()
    made = transaction.run_sql(
        "INSERT INTO account (name, display_name, password_hash, must_change, language, "
        "created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING "
        "RETURNING id",
        (wish.name, wish.display_name, password_hash, True, wish.language, transaction.time(now),
         by.name),
    )  # fmt: skip
    if not made:
        raise Refusal(
            ACCOUNT_EXISTS,
            f"There is an account '{wish.name}' already.",
            hint="Choose another name. A disabled one can be enabled again.",
        )
    for role in sorted(set(wish.roles)):
        transaction.execute(insert(ROLE).values(account_id=made[0][0], role=role))
    detail = {"account": wish.name, "to": sorted(set(wish.roles))}
    account_rows.record(transaction, "account_created", at=now, by=by, detail=detail)


def change(site: Site, name: str, wish: AccountChange, *, by: By) -> dict[str, Any]:
    """Change an account; who gets other roles has to sign in again.

    Refuses an unknown account (7010), no or unknown roles (1002), and the last admin (7012) to be
    none any more.
    """
    if wish.roles is not None:
        _require_roles(wish.roles)
    said = {"display_name": wish.display_name, "language": wish.language}
    values = {key: value for key, value in said.items() if value is not None}

    def work(transaction: Transaction) -> dict[str, Any]:
        row, now = account_rows.find(transaction, name), site.clock()
        if values:
            transaction.execute(update(ACCOUNT).where(ACCOUNT.c.id == row.id).values(**values))
        before = account_rows.roles(transaction, row.id)
        after = before if wish.roles is None else sorted(set(wish.roles))
        if after != before:
            if Role.ADMIN.value in before and Role.ADMIN.value not in after:
                _require_another_admin(transaction, row.id, name)
            account_rows.set_roles(transaction, row.id, after)
            # A session begins with its rights: whoever has a token of before gets no new ones.
            sessions.end_all(transaction, row.id, now=now)
        changed: dict[str, Any] = {"account": name, **values}
        if after != before:
            changed |= {"from": before, "to": after}
        if len(changed) > 1:
            account_rows.record(transaction, "account_changed", at=now, by=by, detail=changed)
        return account_rows.show(transaction, name)

    return site.store.write(work, locks=True)


def set_disabled(site: Site, name: str, is_disabled: bool, *, by: By) -> dict[str, Any]:
    """Disable an account, which ends its sessions, or enable it again; twice is no error.

    Refuses an unknown account (7010), and to disable the last admin (7012).
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        row, now = account_rows.find(transaction, name), site.clock()
        if (row.disabled_at is not None) != is_disabled:
            if is_disabled and Role.ADMIN.value in account_rows.roles(transaction, row.id):
                _require_another_admin(transaction, row.id, name)
            at = now if is_disabled else None
            transaction.execute(
                update(ACCOUNT).where(ACCOUNT.c.id == row.id).values(disabled_at=at)
            )
            sessions.end_all(transaction, row.id, now=now)
            kind = "account_disabled" if is_disabled else "account_enabled"
            account_rows.record(transaction, kind, at=now, by=by, detail={"account": name})
        return account_rows.show(transaction, name)

    return site.store.write(work, locks=True)


def reset_password(site: Site, name: str, *, by: By) -> dict[str, Any]:
    """Give an account a one-time password and end its sessions; refuse (7010) an unknown one."""
    password = passwords.one_time(site.random_bytes(16))
    kept = passwords.hashed(password)

    def work(transaction: Transaction) -> dict[str, Any]:
        row, now = account_rows.find(transaction, name), site.clock()
        values = {"password_hash": kept, "must_change": True}
        transaction.execute(update(ACCOUNT).where(ACCOUNT.c.id == row.id).values(**values))
        sessions.end_all(transaction, row.id, now=now)
        account_rows.record(transaction, "password_reset", at=now, by=by, detail={"account": name})
        return account_rows.show(transaction, name)

    return {**site.store.write(work, locks=True), ONE_TIME: password}


def set_badge(
    site: Site, name: str, *, badge: str | None, pin: str | None, by: By
) -> dict[str, Any]:
    """Give an account a badge and its PIN, or take both away (None).

    Refuses an unknown account (7010), one without the other (1002), a PIN that is too simple
    (7008), and a badge that somebody else has (7014).
    """
    if (badge is None) != (pin is None):
        raise Refusal(
            BAD_VALUE, "A badge needs a PIN, and a PIN a badge.", hint="Give both, or neither."
        )
    if pin is not None:
        passwords.require_good_pin(pin)
    values = {
        "badge_hash": None if badge is None else account_rows.badge_hash(badge),
        "pin_hash": None if pin is None else passwords.hashed(pin),
    }

    def work(transaction: Transaction) -> dict[str, Any]:
        row, now = account_rows.find(transaction, name), site.clock()
        others = select(ACCOUNT.c.name).where(
            ACCOUNT.c.badge_hash == values["badge_hash"], ACCOUNT.c.id != row.id
        )
        # Of those who have none, nobody has the other's.
        if badge is not None and transaction.execute(others).first() is not None:
            raise Refusal(
                BADGE_TAKEN,
                "Another account has this badge.",
                hint="Scan the right one, or take it away there first.",
            )
        transaction.execute(update(ACCOUNT).where(ACCOUNT.c.id == row.id).values(**values))
        kind = "badge_removed" if badge is None else "badge_set"
        account_rows.record(transaction, kind, at=now, by=by, detail={"account": name})
        return account_rows.show(transaction, name)

    return site.store.write(work, locks=True)


def sign_out_everywhere(site: Site, name: str, *, by: By) -> int:
    """End all sessions of an account; return how many. Refuses (7010) an unknown one."""

    def work(transaction: Transaction) -> int:
        row, now = account_rows.find(transaction, name), site.clock()
        ended = sessions.end_all(transaction, row.id, now=now)
        detail = {"account": name, "sessions": ended}
        account_rows.record(transaction, "signed_out", at=now, by=by, detail=detail)
        return ended

    return site.store.write(work, locks=True)


def _require_roles(wanted: Sequence[str]) -> None:
    known = [role.value for role in Role]
    unknown = [role for role in wanted if role not in known]
    if unknown or not wanted:
        what = f"'{unknown[0]}' is no role" if unknown else "No role is named"
        raise Refusal(
            BAD_VALUE, f"{what}: expected some of {', '.join(known)}.", hint="See docs/access.md."
        )


def _require_another_admin(transaction: Transaction, account_id: int, name: str) -> None:
    """Refuse (7012) to take away the last admin who may sign in."""
    transaction.keep_others_waiting(_ADMINS_KEY)
    joined = ACCOUNT.join(ROLE, ROLE.c.account_id == ACCOUNT.c.id)
    query = select(func.count()).select_from(joined).where(
        ROLE.c.role == Role.ADMIN.value, ACCOUNT.c.disabled_at.is_(None), ACCOUNT.c.id != account_id
    )  # fmt: skip
    if not transaction.execute(query).scalar_one():
        raise Refusal(
            LAST_ADMIN,
            f"'{name}' is the only account with the role admin that is not disabled.",
            hint="Give somebody else that role first.",
        )
