"""Saying that one is away, and who stands in."""

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
    def chosen(self) -> tuple[int, int]:
        post, _dash, account = self.cleaned_data["who"].partition("-")
        return int(post), int(account)


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
    def chosen_leader(self) -> tuple[int, int, int]:
        post, account, substitute = self.cleaned_data["who"].split("-")
        return int(post), int(account), int(substitute)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_with(services.ENTER)
def leaders_away(request: OfficerRequest) -> HttpResponse:
    """The office enters that leaders are away."""
    officer = request.officer
    form = LeaderAwayForm(officer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        post, account, substitute = form.chosen_leader
        try:
            services.enter_absence(
                officer=officer,
                post_id=post,
                account_id=account,
                substitute_id=substitute,
                first_day=form.cleaned_data["first_day"],
                last_day=form.cleaned_data["last_day"],
                reason=form.cleaned_data["reason"],
            )
        except DomainError as refused:
            form.add_error("first_day", f"{refused} {refused.way_out}".strip())
        else:
            messages.success(request, _("Noted. Who stands in sees the work of the post on those days."))
            return redirect("identity:leaders_away")
    shown = [_row(absence, clock.today()) for absence in services.absences_entered_by(officer)]
    context = {"form": form, "absences": shown}
    return render(request, "identity/leaders_away.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_officer
def away(request: OfficerRequest) -> HttpResponse:
    officer = request.officer
    form = AwayForm(officer, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        post, account = form.chosen
        try:
            services.go_away(
                officer=officer,
                post_id=post,
                substitute_id=account,
                first_day=form.cleaned_data["first_day"],
                last_day=form.cleaned_data["last_day"],
                reason=form.cleaned_data["reason"],
            )
        except DomainError as refused:
            form.add_error("first_day", f"{refused} {refused.way_out}".strip())
        else:
            messages.success(request, _("Noted. Who stands in sees your work on those days."))
            return redirect("identity:away")
    shown = [_row(absence, clock.today()) for absence in services.absences_of(officer)]
    context = {"form": form, "absences": shown}
    return render(request, "identity/away.html", context, status=422 if form.is_bound else 200)


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
