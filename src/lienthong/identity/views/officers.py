"""Officers' accounts and posts, for administrators, at the desk."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.foundation.errors import Conflict, NotFound
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity import queries, services
from lienthong.identity.actors import MANAGE
from lienthong.identity.forms import EndPost, GivePost, NewOfficer, OfficerDetails
from lienthong.identity.policy import OfficerRequest, officer_with, require, require_over

LINK_SHOWN = "password_link"
"""Session key under which a link waits to be shown once."""


def _page(request: HttpRequest, template: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    return render(request, f"identity/officers/{template}.html", {"section": "officers", **shown}, status=status)


@require_safe
@officer_with(MANAGE)
def officers(request: OfficerRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:200]
    page = queries.managed_page(
        request.officer, text=text, before=_number(request, "truoc"), after=_number(request, "sau")
    )
    newer = _turned(text, truoc=page.before) if page.before else ""
    older = _turned(text, sau=page.after) if page.after else ""
    return _page(request, "list", page=page, text=text, newer=newer, older=older)


def _turned(text: str, **anchor: int) -> str:
    query: dict[str, str | int] = {"q": text} if text else {}
    return "?" + urlencode({**query, **anchor})


def _number(request: HttpRequest, name: str) -> int | None:
    """A number of the address, or nothing; one that no row can have is nothing too."""
    typed = request.GET.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else None


@require_safe
@never_cache
@officer_with(MANAGE)
def officer(request: OfficerRequest, account_id: int) -> HttpResponse:
    found = queries.managed_account(request.officer, account_id)
    link = request.session.pop(LINK_SHOWN, None)
    return _page(
        request,
        "officer",
        found=found,
        account=found.account,
        link=link if link and link["account"] == account_id else None,
        is_self=account_id == request.officer.account_id,
        may_do_all=all(holding.mine for holding in found.current),
        end_form=EndPost(),
        has_second_factor=queries.has_second_factor(account_id),
    )


@require_safe
@officer_with(MANAGE)
def choose_post(request: OfficerRequest) -> HttpResponse:
    """Find the post to give: to an officer (`officer`), or to somebody new."""
    text, number = request.GET.get("q", "")[:200], _number(request, "officer")
    found = queries.managed_account(request.officer, number) if number else None
    offered = queries.posts_on_offer(request.officer, text)
    return _page(
        request, "choose_post", text=text, offered=offered, found=found, full=len(offered) == queries.MOST_POSTS
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_with(MANAGE)
def create(request: OfficerRequest, post_id: int) -> HttpResponse:
    post, organisation = _post(request, post_id)
    form = NewOfficer(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_officer(actor=request.officer, post_id=post.id, **form.cleaned_data)
            _make_link(request, made.pk)
        except services.NameTaken as error:
            form.add_error("username", str(error))
        except services.DaysAreWrong as error:
            form.add_error("first_day", str(error))
        else:
            messages.success(request, _("The account was created."))
            return redirect("identity:officer", made.pk)
    status = 422 if form.errors else 200
    return _page(request, "create", form=form, post=post, organisation=organisation, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(MANAGE)
def correct(request: OfficerRequest, account_id: int) -> HttpResponse:
    found = queries.managed_account(request.officer, account_id)
    require_over(request.officer, found.account)
    known = {name: getattr(found.account, name) for name in OfficerDetails.base_fields}
    form = OfficerDetails(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        services.correct_officer(actor=request.officer, account_id=account_id, **form.cleaned_data)
        messages.success(request, _("The details were saved."))
        return redirect("identity:officer", account_id)
    return _page(request, "correct", form=form, account=found.account, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(MANAGE)
def give_post(request: OfficerRequest, account_id: int, post_id: int) -> HttpResponse:
    post, organisation = _post(request, post_id)
    found = queries.managed_account(request.officer, account_id)
    form = GivePost(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_post(actor=request.officer, account_id=account_id, post_id=post.id, **form.cleaned_data)
        except (services.DaysAreWrong, Conflict) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The post was given."))
            return redirect("identity:officer", account_id)
    shown = {"form": form, "post": post, "organisation": organisation, "found": found, "account": found.account}
    return _page(request, "give_post", status=422 if form.errors else 200, **shown)


@require_POST
@officer_with(MANAGE)
def end_post(request: OfficerRequest, account_id: int, post_id: int) -> HttpResponse:
    form = EndPost(request.POST)
    if not form.is_valid():
        messages.error(request, _problem_of(form))
    else:
        services.end_post(actor=request.officer, account_id=account_id, post_id=post_id, last_day=form.day())
        messages.success(request, _("The post was taken back."))
    return redirect("identity:officer", account_id)


def _problem_of(form: Form) -> str:
    return " ".join(str(problem) for problems in form.errors.values() for problem in problems)


@require_POST
@officer_with(MANAGE)
def password_link(request: OfficerRequest, account_id: int) -> HttpResponse:
    _make_link(request, account_id)
    return redirect("identity:officer", account_id)


def _make_link(request: OfficerRequest, account_id: int) -> None:
    """It is shown once, on the officer's page: who reads it later may already be somebody else."""
    link = services.make_password_link(actor=request.officer, account_id=account_id)
    request.session[LINK_SHOWN] = {
        "account": account_id,
        "address": get_adapter(request).get_reset_password_from_key_url(link.key),
        "until": link.until.isoformat(),
    }


@require_POST
@officer_with(MANAGE)
def deactivate(request: OfficerRequest, account_id: int) -> HttpResponse:
    services.deactivate(actor=request.officer, account_id=account_id)
    messages.success(request, _("The account was closed."))
    return redirect("identity:officer", account_id)


@require_POST
@officer_with(MANAGE)
def reactivate(request: OfficerRequest, account_id: int) -> HttpResponse:
    services.reactivate(actor=request.officer, account_id=account_id)
    messages.success(request, _("The account is open again. Make a link for a new password."))
    return redirect("identity:officer", account_id)


@require_POST
@officer_with(MANAGE)
def remove_second_factors(request: OfficerRequest, account_id: int) -> HttpResponse:
    services.remove_second_factors(actor=request.officer, account_id=account_id)
    messages.success(request, _("The second factors were removed."))
    return redirect("identity:officer", account_id)


def _post(request: OfficerRequest, post_id: int) -> tuple[PostNode, Node]:
    """Raises NotFound and NotAllowed."""
    post = tree().posts.get(post_id)
    if post is None:
        raise NotFound(_("There is no such post."))
    organisation = tree()[post.organisation_id]
    require(request.officer, MANAGE, organisation)
    return post, organisation
