"""How far a dossier is, for anybody who has its code and the end of the phone number."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lienthong.cases.codes import tidy
from lienthong.cases.queries.public import PHONE_DIGITS, tracked
from lienthong.identity.attempts import Allowance, address_of, refused, spend
from lienthong.portal import progress
from lienthong.portal.pages import page

OF_ADDRESS = Allowance("tracking.address", times=30, within=timedelta(minutes=10))
OF_CODE = Allowance("tracking.code", times=10, within=timedelta(hours=1))
"""10,000 ends of a phone number at 10 an hour: six weeks of trying for one code."""


class TrackForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the dossier"),
        help_text=_("On the receipt, such as 000.00.31.H16-250612-0001; or the reference of 10 characters."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "width-20"}),
        error_messages={"required": _("Enter the code of the dossier.")},
    )
    phone_end = forms.RegexField(
        rf"^[0-9]{{{PHONE_DIGITS}}}$",
        label=_("Last 4 digits of the phone number"),
        help_text=_("Of the number given in the application. It protects your dossier from the curious."),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": PHONE_DIGITS, "class": "width-4"}
        ),
        error_messages={
            "required": _("Enter the last 4 digits of the phone number."),
            "invalid": _("Enter exactly 4 digits."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """The form, with the code of the QR code filled in, and what it finds. The digits are never in an address."""
    if request.method != "POST":
        code = request.GET.get("code", "")[:60]
        form = TrackForm(initial={"code": code}, use_required_attribute=False)
        return page(request, "track", "tracking", private=True, form=form, scanned=bool(code))
    form = TrackForm(request.POST, use_required_attribute=False)
    if not form.is_valid():
        return page(request, "track", "tracking", status=422, private=True, form=form)
    code = tidy(form.cleaned_data["code"])
    if wait := spend([(OF_ADDRESS, address_of(request)), (OF_CODE, code)]):
        return refused(request, wait)
    found = tracked(code, form.cleaned_data["phone_end"])
    if found is None:
        return page(request, "track", "tracking", status=404, private=True, form=form, nothing=True)
    return page(
        request,
        "tracked",
        "tracking",
        private=True,
        shown=found,
        dossier=found.dossier,
        look=progress.look_of(found.dossier, found.status_name),
        stations=progress.stations(found),
    )
