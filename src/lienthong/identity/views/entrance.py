"""Coming in: signing up, and where signing in leads."""

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_not_required
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.generic import View

from lienthong.identity import services
from lienthong.identity.forms import SignUp
from lienthong.identity.policy import signed_in

SAID = ("full_name", "phone", "email", "person_id", "password")


@method_decorator(
    [login_not_required, never_cache, sensitive_post_parameters("password", "again"), rate_limit(action="signup")],
    name="dispatch",
)
class SignUpView(View):
    """Whoever has signed up is signed in, and goes on with what they were about to do."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("identity:home")
        return self._page(request, SignUp())

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("identity:home")
        form = SignUp(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        try:
            account = services.sign_up(**{name: form.cleaned_data[name] for name in SAID})
        except services.NameTaken as error:
            form.add_error("phone", error.in_full)
            return self._page(request, form)
        next_address = get_next_redirect_url(request)
        return cast(HttpResponse, perform_login(request, account, signup=True, redirect_url=next_address))

    def _page(self, request: HttpRequest, form: SignUp) -> HttpResponse:
        shown = {"form": form, "next": get_next_redirect_url(request)}
        return render(request, "account/signup.html", shown, status=422 if form.errors else 200)


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Officers to their desk, others to their page."""
    return redirect(get_adapter(request).get_login_redirect_url(request))


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "identity/terms.html")
