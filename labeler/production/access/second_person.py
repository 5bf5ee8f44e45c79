"""A second person says yes: proved here and now, without signing anybody in."""

from labeler.errors import NOT_PERMITTED, SECOND_PERSON, Refusal
from labeler.production.access import account_rows, signing_in
from labeler.production.access.signing_in import Claim
from labeler.production.site import Site
from labeler.roles import Permission, holders, permissions


def check(site: Site, claim: Claim, *, first: str, permission: Permission) -> str:
    """Return the name of the second person, once it is proved who that is and that he may.

    ``first`` is the account that is signed in. Refuses the same person (5026), a wrong proof (7002,
    7006), one whose password has to be changed first or who lacks ``permission`` (7003).
    """
    try:
        account = signing_in.prove(site, claim)
    except Refusal as refusal:
        sentence = f"The second person is not proved. {refusal.sentence}"
        raise Refusal(refusal.kind, sentence, hint=refusal.hint, extra=refusal.extra) from refusal
    if account.name == first.strip().casefold():
        raise Refusal(
            SECOND_PERSON,
            f"'{account.name}' is signed in and cannot be the second person, too.",
            hint="Let somebody else look, and sign.",
        )
    with site.store.read() as transaction:
        may = permissions(account_rows.roles(transaction, account.id))
    if account.must_change or permission not in may:
        raise Refusal(
            NOT_PERMITTED,
            f"'{account.name}' lacks the permission {permission.value}."
            if not account.must_change
            else f"'{account.name}' has a one-time password, which has to be changed first.",
            hint=f"Expected somebody with the role {holders(permission)}.",
        )
    return str(account.name)
