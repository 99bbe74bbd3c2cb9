"""What people see and change of their own account."""

from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.fields import forms as field_forms
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.pages import Form
from lienthong.foundation.fields.typed import folded
from lienthong.identity import profile as asked
from lienthong.identity import services
from lienthong.identity.actors import HeldPost, Officer
from lienthong.identity.models import Account, Person
from lienthong.identity.policy import ACTING_POST, PersonRequest, signed_in
from lienthong.identity.queries import address_line
from lienthong.identity.services import confirming


@require_safe
@never_cache
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """Everything that is kept of the person, each with where to change it."""
    own = cast(Account, request.user)
    person = Person.objects.filter(account=own).first() or Person(account=own)
    factors = list(Authenticator.objects.filter(user=own).values_list("type", flat=True))
    shown = {
        "account": own,
        "details": person,
        "gender": PUBLISHED.code_list(asked.GENDERS, clock.today()).name(person.gender, clock.today()),
        "address": address_line(person.address_unit, person.address_detail),
        "email_proved": EmailAddress.objects.filter(user=own, email=own.email, verified=True).exists(),
        "app": Authenticator.Type.TOTP in factors,
        "keys": factors.count(Authenticator.Type.WEBAUTHN),
        "devices": UserSession.objects.filter(user=own).count(),
    }
    return render(request, "identity/account.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def profile(request: PersonRequest) -> HttpResponse:
    own = cast(Account, request.user)
    fields, context = asked.fields(managed=own.managed), asked.context()
    if request.method != "POST":
        cleaned = clean(fields, asked.raw_of(own), context, draft=True)
        return _profile_page(request, Form(fields, cleaned, context, refresh=request.path))
    taken = field_forms.take(fields, request.POST, context)
    cleaned = clean(fields, taken.raw, context, draft=taken.action is not None)
    form = Form(fields, cleaned, context, refresh=request.path)
    if taken.action is not None:
        return HttpResponse(form.refreshed(taken.action)) if request.htmx else _profile_page(request, form)  # type: ignore[attr-defined]
    if not cleaned.ok:
        return _profile_page(request, form, status=422)
    values: dict[str, Any] = cleaned.values
    services.save_profile(
        actor=request.person,
        facts=asked.facts_of(values),
        full_name=values.get("full_name") or "",
        phone=values.get("phone") or "",
    )
    messages.success(request, _("Your details were saved."))
    return redirect("identity:account")


def _profile_page(request: HttpRequest, form: Form, *, status: int = 200) -> HttpResponse:
    return render(request, "identity/profile.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def confirm_number(request: PersonRequest) -> HttpResponse:
    """How the number is confirmed at a counter; by POST the code for it."""
    if request.method == "POST":
        try:
            confirming.make_code(actor=request.person)
        except DomainError as refused:
            messages.warning(request, refused.in_full)
        return redirect("identity:confirm_number")
    own = Person.objects.filter(account_id=request.person.account_id).first() or Person()
    live = own.code_until is not None and own.code_until > clock.now()
    return render(request, "identity/confirm_number.html", {"details": own, "code": own.code if live else ""})


# the post an officer acts in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def posts(request: PersonRequest) -> HttpResponse:
    """All posts held today, to look through; by POST one of them becomes the one to act in."""
    if not isinstance(request.person, Officer):
        raise NotFound(_("You hold no post."))
    if request.method == "POST":
        return _switch(request, request.person)
    text = request.GET.get("q", "")[:200]
    words = folded(text).split()
    found = [post for post in request.person.posts if all(word in _said(post) for word in words)]
    shown = {"found": found, "text": text, "next": _own_address(request, request.GET.get("next", ""))}
    return render(request, "identity/posts.html", shown)


def _switch(request: HttpRequest, officer: Officer) -> HttpResponse:
    """To a post that is held today, and back to where the person was. Another number changes nothing."""
    wanted = request.POST.get("post", "")
    post = next((held for held in officer.posts if str(held.id) == wanted), None)
    if post is None:
        raise NotFound(_("You do not hold this post today."), way_out=_("Choose one of the posts that you hold."))
    request.session[ACTING_POST] = post.id
    messages.success(
        request,
        _("You now act as %(title)s, %(organisation)s.")
        % {"title": post.title, "organisation": post.organisation.name},
    )
    return redirect(_own_address(request, request.POST.get("next", "")) or "identity:home")


def _said(post: HeldPost) -> str:
    return folded(f"{post.title} {post.organisation.name}")


def _own_address(request: HttpRequest, address: str) -> str:
    """The address when it is one of this site, else nothing."""
    own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if own else ""
