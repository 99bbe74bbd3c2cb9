"""Ways of looking at a register that officers keep for themselves."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError
from lienthong.identity.actors import Officer
from lienthong.registers import access, queries
from lienthong.registers.models import SavedView

MOST_VIEWS = 20
LONGEST_NAME = 60
LONGEST_QUERY = 2000


class ViewNotKept(DomainError):
    code = "registers.view_not_kept"


@transaction.atomic
def save_view(*, register: str, name: str, query: str, officer: Officer) -> SavedView:
    """Keep a view under a name; one that is there is replaced. Raises ViewNotKept and NotAllowed."""
    access.require(officer, queries.register(register), to="read")
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise ViewNotKept(_("Give the view a name of at most %(most)s letters."), most=LONGEST_NAME)
    if len(query) > LONGEST_QUERY:
        raise ViewNotKept(_("The view has too many conditions to be kept."))
    theirs = SavedView.objects.filter(account_id=officer.account_id, register=register)
    if theirs.exclude(name__iexact=name).count() >= MOST_VIEWS:
        raise ViewNotKept(
            _("You keep %(most)s views of this register already."), way_out=_("Remove one first."), most=MOST_VIEWS
        )
    view, _made = SavedView.objects.update_or_create(
        account_id=officer.account_id,
        register=register,
        name__iexact=name,
        defaults={"name": name, "query": query},
    )
    return view


@transaction.atomic
def forget_view(*, view_id: int, officer: Officer) -> str:
    """Remove a view of the officer's own; what it was called, and "" for none. Asked twice it is gone as well."""
    view = SavedView.objects.filter(pk=view_id, account_id=officer.account_id).first()
    if view is None:
        return ""
    view.delete()
    return view.name
