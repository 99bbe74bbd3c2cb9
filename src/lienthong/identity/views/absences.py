"""Saying that one is away, and who stands in."""

from collections.abc import Callable, Iterable
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, officer_with, signed_in_officer
from lienthong.identity.services import absences as services

OF_A_LEADER = "lanh-dao"
"""What the button says that ends the absence of a leader."""


class AwayForm(forms.Form):
    """One choice holds post and substitute together, so that nobody chooses somebody who cannot stand in."""

    who = forms.ChoiceField(label=_("Who stands in, in which post"))
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Only you see it."))

    def __init__(self, officer: Officer, data: object = None) -> None:
        super().__init__(data, use_required_attribute=False)  # type: ignore[arg-type]
        choices = [
            (f"{post.title}, {post.organisation.name}", [(f"{post.id}-{account}", name) for account, name in people])
            for post, people in services.substitutes(officer)
        ]
        self.fields["who"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, int]:
        post, _dash, account = self.cleaned_data["who"].partition("-")
        return {"post_id": int(post), "substitute_id": int(account)}


class LeaderAwayForm(AwayForm):
    """One choice holds post, leader and substitute together."""

    def __init__(self, officer: Officer, data: object = None) -> None:
        forms.Form.__init__(self, data, use_required_attribute=False)  # type: ignore[arg-type]
        choices = [
            (f"{leader.post.title} {leader.name}", [
                (f"{leader.post.id}-{leader.account_id}-{account}", name) for account, name in leader.substitutes
            ])
            for leader in services.leaders_for(officer)
        ]  # fmt: skip
        self.fields["who"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]
        self.fields["who"].label = _("Who is away, who stands in")
        self.fields["reason"].help_text = _("Only the leader sees it.")

    @property
    def chosen(self) -> dict[str, int]:
        post, account, substitute = self.cleaned_data["who"].split("-")
        return {"post_id": int(post), "account_id": int(account), "substitute_id": int(substitute)}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_with(services.ENTER)
def leaders_away(request: OfficerRequest) -> HttpResponse:
    """The office enters that leaders are away."""
    form = LeaderAwayForm(request.officer, request.POST if request.method == "POST" else None)
    if _is_entered(request, form, services.enter_absence):
        messages.success(request, _("Noted. Who stands in sees the work of the post on those days."))
        return redirect("identity:leaders_away")
    return _show(request, "identity/leaders_away.html", form, services.absences_entered_by(request.officer))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_officer
def away(request: OfficerRequest) -> HttpResponse:
    form = AwayForm(request.officer, request.POST if request.method == "POST" else None)
    if _is_entered(request, form, services.go_away):
        messages.success(request, _("Noted. Who stands in sees your work on those days."))
        return redirect("identity:away")
    return _show(request, "identity/away.html", form, services.absences_of(request.officer))


def _is_entered(request: OfficerRequest, form: AwayForm, enter: Callable[..., object]) -> bool:
    """A refusal stands in the form afterwards."""
    if not form.is_valid():
        return False
    days = {name: form.cleaned_data[name] for name in ("first_day", "last_day", "reason")}
    try:
        enter(officer=request.officer, **form.chosen, **days)
    except DomainError as refused:
        form.add_error("first_day", refused.in_full)
        return False
    return True


def _show(request: OfficerRequest, template: str, form: AwayForm, absences: Iterable[Absence]) -> HttpResponse:
    context = {"form": form, "absences": [_row(absence, clock.today()) for absence in absences]}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _row(absence: Absence, today: date) -> dict[str, object]:
    post = tree().posts[absence.post_id]
    return {
        "row": absence,
        "post": post,
        "organisation": tree()[post.organisation_id],
        "now": absence.valid_from <= today,
    }


@require_POST
@signed_in_officer
def back(request: OfficerRequest, absence_id: int) -> HttpResponse:
    services.come_back(officer=request.officer, absence_id=absence_id)
    own = request.POST.get("cua") != OF_A_LEADER
    done = _("Done. Nobody stands in for you in this post any more.") if own else _("Done. The leader is back.")
    messages.success(request, done)
    return redirect("identity:away" if own else "identity:leaders_away")
