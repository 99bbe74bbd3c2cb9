"""Who may come in where: decorators for pages, and the one way to require a permission."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import MANAGE, Citizen, HeldPost, Officer, Permission
from lienthong.identity.models import Account
from lienthong.identity.queries import Actor, actor_of, has_second_factor, organisations_of_posts

View = Callable[..., HttpResponseBase]

ACTING_POST = "acting_post"
"""Session key of the post an officer has chosen to work in."""

HAS_SECOND_FACTOR = "has_second_factor"
"""Session key of having been seen with a second factor; officers cannot remove their last one where they need it."""


class OfficerRequest(HttpRequest):
    """A request whose person holds a post today."""

    officer: Officer


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    person: Actor


def actor_in(request: HttpRequest) -> Actor | None:
    """Who is behind a request; found once a request."""
    if not hasattr(request, "_actor"):
        signed_in = request.user.is_authenticated
        chosen = request.session.get(ACTING_POST) if signed_in else None
        found = actor_of(cast(Account, request.user), acting_post_id=chosen) if signed_in else None
        request._actor = found  # type: ignore[attr-defined]
    return cast("Actor | None", request._actor)  # type: ignore[attr-defined]


def acting_person(request: HttpRequest) -> Actor:
    """Who is behind a request that must have somebody. Raises NotAllowed."""
    person = actor_in(request)
    if person is None:
        raise NotAllowed(_("Sign in first."))
    return person


def signed_in(view: View) -> View:
    """For anybody with an account; others are sent to sign in and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = actor_in(request)
        if person is None:
            return _to_sign_in(request)
        request.person = person  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return guarded


def signed_in_officer(view: View) -> View:
    """For people who hold a post today."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = actor_in(request)
        if person is None:
            return _to_sign_in(request)
        if not isinstance(person, Officer):
            raise NotAllowed(_("This page is for officers."))
        if lacks_second_factor(request, person):
            return _to_second_factor(request)
        request.officer = person  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return guarded


def officer_with(permission: Permission) -> Callable[[View], View]:
    """For officers who have the permission somewhere; what they see is scoped by the reads behind the page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            officer: Officer = request.officer  # type: ignore[attr-defined]
            if permission not in officer.permissions:
                raise NotAllowed(_("Your posts do not include this."))
            return view(request, *args, **kwargs)

        return signed_in_officer(guarded)

    return decorate


def require(actor: Actor, permission: Permission, organisation: Node) -> HeldPost:
    """The post through which the actor has the permission there. Raises NotAllowed."""
    posts = actor.posts_with(permission, organisation) if isinstance(actor, Officer) else []
    if not posts:
        raise NotAllowed(_("Your posts do not include this in %(organisation)s."), organisation=organisation.name)
    return next((post for post in posts if isinstance(actor, Officer) and post.id == actor.acting.id), posts[0])


def require_over(actor: Officer, account: Account) -> None:
    """That the actor manages every agency in which the account holds a post, now or later, and is somebody else.

    Whoever may set a password may do all that the account may: managing one of its agencies is not enough.
    Raises NotAllowed.
    """
    if account.pk == actor.account_id:
        raise NotAllowed(
            _("You cannot do this to your own account."), way_out=_("Another administrator can do it for you.")
        )
    for organisation in organisations_of_posts(account.pk):
        require(actor, MANAGE, organisation)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # htmx would put the sign-in page into a corner of this one: make it load the page as a whole
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    messages.warning(request, _("Your visit has ended, and what you sent was not kept. Sign in, then send it again."))
    return redirect_to_login(_sent_from(request))


def _sent_from(request: HttpRequest) -> str:
    """The page a form was sent from, to come back to: where it was sent to often shows nothing by itself."""
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return urlsplit(page)._replace(scheme="", netloc="", fragment="").geturl()
    return reverse(settings.LOGIN_REDIRECT_URL)


def lacks_second_factor(request: HttpRequest, officer: Officer) -> bool:
    """Whether officers must have a second factor here and this one has none yet. Asked once a session."""
    if not getattr(settings, "OFFICERS_NEED_SECOND_FACTOR", False) or request.session.get(HAS_SECOND_FACTOR):
        return False
    if not has_second_factor(officer.account_id):
        return True
    request.session[HAS_SECOND_FACTOR] = True
    return False


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    messages.warning(request, _("Officers sign in with a second factor here. Set one up to go on."))
    return redirect("mfa_index")


__all__ = [
    "ACTING_POST",
    "MANAGE",
    "Citizen",
    "OfficerRequest",
    "PersonRequest",
    "acting_person",
    "actor_in",
    "lacks_second_factor",
    "officer_with",
    "require",
    "require_over",
    "signed_in",
    "signed_in_officer",
]
