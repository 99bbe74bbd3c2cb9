"""What an officer is told when something was done: that it is done, what happens next, what there is to do next."""

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lienthong.cases.models import Dossier, StepVisit
from lienthong.cases.queries.pages import DossierPage
from lienthong.cases.rules import Status
from lienthong.cases.services.carrying import DOSSIER
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.procedures.shapes import Action
from lienthong.ui.formatting import moment
from lienthong.work.queries import next_item
from lienthong.workspace.addresses import address_of


def after(page: DossierPage, dossier: Dossier, action: Action, officer: Officer) -> SafeString:
    """In one breath, with a link to the most urgent of the officer's other tasks. `page` is of before."""
    sentences = [_("Done: %(action)s.") % {"action": action.name}, *_next_steps(page, dossier)]
    said = format_html_join(" ", "{}", ((sentence,) for sentence in sentences))
    item = next_item(officer, besides=(DOSSIER, dossier.pk))
    if item is None:
        return said
    label = ", ".join(filter(None, (item.code, item.task)))
    return format_html('{} {} <a href="{}">{}</a>', said, _("Your next task:"), address_of(item), label)


def _next_steps(page: DossierPage, dossier: Dossier) -> Iterator[str]:
    if Status(dossier.status).ended:
        yield _("The dossier has ended: %(status)s.") % {"status": page.rule_set.status_name(dossier.status)}
        return
    open_visits = StepVisit.objects.filter(dossier=dossier, opened_at__gte=dossier.submitted_at, done_at=None)
    for visit in open_visits.order_by("id"):
        step = page.procedure.process.step(visit.step).name
        if visit.waiting:
            yield _("The clock stands still until the applicant has answered.")
            continue
        agency = tree()[visit.organisation_id].name
        if visit.due_at:
            shown = {"step": step, "agency": agency, "moment": moment(visit.due_at)}
            yield _("Next: %(step)s, %(agency)s, due %(moment)s.") % shown
        else:
            yield _("Next: %(step)s, %(agency)s.") % {"step": step, "agency": agency}
