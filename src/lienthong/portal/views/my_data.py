"""What agencies hold about the person, who has read it, a copy of all of it, and how a mistake is corrected."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lienthong.cases.queries.holdings import begun, held_by_agencies, readings_of
from lienthong.foundation.files.serving import serve
from lienthong.identity.policy import PersonRequest, signed_in
from lienthong.identity.queries import applicant_facts
from lienthong.personal import services
from lienthong.portal.forms import number_of
from lienthong.portal.pages import page
from lienthong.registers import personal_readings as registers

LATEST = 3
"""So many readings stand on the first page."""


@require_safe
@signed_in
def overview(request: PersonRequest) -> HttpResponse:
    person = request.person
    copy = services.copy_of(person)
    return page(
        request,
        "my_data",
        "mine",
        private=True,
        facts=applicant_facts(person.account_id),
        held=held_by_agencies(person),
        begun=begun(person),
        readings=readings_of(person, size=LATEST),
        in_registers=registers.readings_of(person.account_id, size=LATEST),
        copy=copy,
        until=services.kept_until(copy) if copy and copy.made_at else None,
        days=services.KEPT.days,
    )


@require_safe
@signed_in
def readings(request: PersonRequest) -> HttpResponse:
    """Who has read the own dossiers, from the newest on."""
    before = number_of(request.GET.get("truoc", ""))
    found = readings_of(request.person, before=before)
    return page(request, "readings", "mine", private=True, readings=found, continued=before is not None)


@require_safe
@signed_in
def register_readings(request: PersonRequest) -> HttpResponse:
    """Who has opened entries of registers that name the person, from the newest on."""
    before = number_of(request.GET.get("truoc", ""))
    found = registers.readings_of(request.person.account_id, before=before)
    return page(request, "register_readings", "mine", private=True, readings=found, continued=before is not None)


@require_POST
@signed_in
def ask_for_copy(request: PersonRequest) -> HttpResponse:
    copy = services.ask_for_copy(actor=request.person)
    if copy.made_at is None:
        messages.success(request, _("The copy is being made. You are told when it is ready."))
    return redirect("portal:my_data")


@require_safe
@signed_in
def take_copy(request: PersonRequest) -> HttpResponseBase:
    return serve(services.take_copy(actor=request.person), as_attachment=True)
