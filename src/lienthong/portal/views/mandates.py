"""Acting for others: whom one acts for, who acts for oneself, giving, taking up, confirming, ending."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.files.serving import serve
from lienthong.identity import attempts, representing
from lienthong.identity.models import Business, Mandate
from lienthong.identity.policy import PersonRequest, signed_in
from lienthong.identity.queries import address_line
from lienthong.identity.services import mandates as services
from lienthong.identity.services.mandate_rows import no_such_mandate, tidy
from lienthong.portal import mandate_forms
from lienthong.portal.asking import Asked, ask
from lienthong.portal.pages import page
from lienthong.procedures.definition import PROCEDURE

get_or_post = require_http_methods(["GET", "HEAD", "POST"])

TRIES = attempts.Allowance("mandate-code", times=20, within=timedelta(hours=1))
TAKE, CONFIRM, DECLINE = "take", "confirm", "decline"


@require_safe
@signed_in
def mandates(request: PersonRequest) -> HttpResponse:
    return page(request, "mandates", "mine", private=True, shown=representing.mandates_of(request.person))


@get_or_post
@signed_in
def add_business(request: PersonRequest) -> HttpResponse:
    """Say that one represents a business by law."""
    return _claim(request, "mandate_business", mandate_forms.of_a_business(), for_business=True)


@get_or_post
@signed_in
def claim(request: PersonRequest) -> HttpResponse:
    """Say that one may act for another person."""
    return _claim(request, "mandate_claim", mandate_forms.of_a_person(), for_business=False)


def _claim(request: PersonRequest, template: str, fields: FieldList, *, for_business: bool) -> HttpResponse:
    asked = ask(request, fields, mandate_forms.context(request.person))
    if asked.partial is not None:
        return asked.partial
    if asked.values is not None:
        try:
            made = services.claim(
                actor=request.person,
                kind=Mandate.Kind.LEGAL if for_business else mandate_forms.kind_of(asked.values),
                represented=mandate_forms.represented_of(asked.values, for_business=for_business),
                terms=mandate_forms.terms_of(asked.values),
            )
        except DomainError as refusal:
            asked.refusal = refusal
        else:
            return redirect("portal:mandate", made.pk)
    return _form(request, template, asked)


@get_or_post
@signed_in
def give(request: PersonRequest) -> HttpResponse:
    """Let somebody act for oneself, or for a business one represents."""
    represented = representing.businesses_of(request.person.account_id)
    own = Business.objects.filter(pk__in=represented).order_by("name", "pk")
    asked = ask(request, mandate_forms.of_an_offer(list(own)), mandate_forms.context(request.person))
    if asked.partial is not None:
        return asked.partial
    if asked.values is not None:
        giver = asked.values.get("giver") or mandate_forms.MYSELF
        try:
            made = services.offer(
                actor=request.person,
                agent_name=asked.values["agent_name"],
                terms=mandate_forms.terms_of(asked.values),
                business_id=None if giver == mandate_forms.MYSELF else int(giver),
            )
        except DomainError as refusal:
            asked.refusal = refusal
        else:
            return redirect("portal:mandate", made.pk)
    return _form(request, "mandate_give", asked)


def _form(request: HttpRequest, template: str, asked: Asked) -> HttpResponse:
    shown = {"form": asked.form, "refusal": asked.refusal}
    return page(request, template, "mine", status=asked.status, private=True, **shown)


@get_or_post
@signed_in
def by_code(request: PersonRequest) -> HttpResponse:
    """What a code is about, for whom it was told; from here it is taken up, confirmed or declined."""
    code = tidy((request.POST or request.GET).get("ma", ""))
    if not code:
        return redirect("portal:mandates")
    if wait := attempts.spend([(TRIES, str(request.person.account_id))]):
        return attempts.refused(request, wait)
    try:
        mandate = services.by_code(code, request.person)
        if request.method == "POST":
            return _answered(request, mandate)
    except DomainError as refusal:
        shown = {"refusal": refusal, "code": code, "shown": representing.mandates_of(request.person)}
        return page(request, "mandates", "mine", status=refusal.status, private=True, **shown)
    offered = mandate.state == Mandate.State.OFFERED and mandate.made_by_id != request.person.account_id
    if not offered and mandate.state != Mandate.State.CLAIMED:
        return redirect("portal:mandate", mandate.pk)
    return page(request, "mandate_answer", "mine", private=True, code=code, taking=offered, **_told(mandate))


def _answered(request: PersonRequest, mandate: Mandate) -> HttpResponse:
    match request.POST.get("lam"):
        case "take":
            services.take(actor=request.person, code=mandate.code)
            messages.success(request, _("You may act for %(name)s now.") % {"name": mandate.name})
        case "confirm":
            services.confirm(actor=request.person, mandate_id=mandate.pk)
            messages.success(request, _("Confirmed. You can end it at any time."))
        case "decline":
            services.decline(actor=request.person, code=mandate.code)
            messages.success(request, _("Declined. Nobody acts by it."))
            return redirect("portal:mandates")
        case _:
            return redirect(f"{reverse('portal:mandate_code')}?ma={mandate.code}")
    return redirect("portal:mandate", mandate.pk)


@require_safe
@signed_in
def mandate(request: PersonRequest, mandate_id: int) -> HttpResponse:
    found = _own(request, mandate_id)
    return page(
        request,
        "mandate",
        "mine",
        private=True,
        mine=found.agent_id == request.person.account_id,
        over=representing.is_over(found),
        counts=representing.counts(found),
        to_confirm=found.state == Mandate.State.CLAIMED and found.agent_id != request.person.account_id,
        **_told(found),
    )


@get_or_post
@signed_in
def end(request: PersonRequest, mandate_id: int) -> HttpResponse:
    """Ask once, then end it."""
    found = _own(request, mandate_id)
    if request.method == "POST":
        services.revoke(actor=request.person, mandate_id=mandate_id)
        messages.success(request, _("Ended. Applications that were not handed in cannot go on by it."))
        return redirect("portal:mandates")
    return page(request, "mandate_end", "mine", private=True, **_told(found))


@require_safe
@signed_in
def evidence(request: PersonRequest, mandate_id: int) -> HttpResponseBase:
    found = _own(request, mandate_id)
    if found.evidence is None:
        raise Http404
    return serve(found.evidence)


def _own(request: PersonRequest, mandate_id: int) -> Mandate:
    rows = representing.seen_by(request.person).select_related("agent", "business", "account", "evidence")
    found = rows.filter(pk=mandate_id).first()
    if found is None:
        raise no_such_mandate()
    return found


def _told(mandate: Mandate) -> dict[str, Any]:
    """A mandate as its pages tell it."""
    names = {each.key: each.body.name for each in PROCEDURE.all()}
    return {
        "mandate": mandate,
        "procedures": [names.get(key, key) for key in mandate.procedures],
        "address": address_line(mandate.address_unit, mandate.address_detail),
    }
