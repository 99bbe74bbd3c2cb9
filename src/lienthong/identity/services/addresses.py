"""E-mail addresses as the sign-in library keeps them, beside the one on the account."""

from allauth.account.models import EmailAddress

from lienthong.identity.models import Account


def keep_verified_address(account: Account) -> None:
    """Hold the account's e-mail address for its own, as somebody with authority said; forget any other.

    An address that another account has proved to be its own stays unproved here: a mailbox has one owner.
    """
    EmailAddress.objects.filter(user=account).exclude(email=account.email).delete()
    if account.email:
        proved_elsewhere = EmailAddress.objects.filter(email=account.email, verified=True).exclude(user=account)
        EmailAddress.objects.update_or_create(
            user=account,
            email=account.email,
            defaults={"primary": True, "verified": not proved_elsewhere.exists()},
        )
