"""The forms of signing in and up, in the house's words. What the sign-in library's forms do is left to them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.problems import Invalid, in_sentence
from lienthong.foundation.fields.typed import compact, forbidden, one_line
from lienthong.foundation.fields.types.identifiers import PersonId
from lienthong.foundation.fields.types.texts import Phone
from lienthong.identity import adapter, rules
from lienthong.identity.models import Account

LONGEST_PASSWORD = 200
PASSWORD_HINT = _("At least 10 characters, not only digits. A few words that belong to you alone are easy to remember.")
WRONG_EMAIL = _("Write an e-mail address with @, for example ten@vidu.vn.")
AGAIN = _("The password once more")
SAID_BY_OTHERS = (
    _("You must type the same password each time."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        0,
    ),
)
"""Words of Django and of the sign-in library that cannot be replaced, only translated."""
USED_CODE_KEPT = 150
"""Seconds: longer than a code of an authenticator app can be right."""


class Plain:
    """No grey words inside the boxes: they vanish while typing, and the label says the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):
                field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))
                field.help_text = ""

    def full_clean(self) -> None:
        ask_by_name(self.fields)  # type: ignore[attr-defined]
        super().full_clean()  # type: ignore[misc]


def ask_by_name(fields: Mapping[str, forms.Field]) -> None:
    """What is missing is asked for by its name: “Enter the telephone number.”"""
    for field in fields.values():
        if not isinstance(field, forms.BooleanField):
            asked = gettext("Enter %(label)s.") % {"label": in_sentence(str(field.label or ""))}
            field.error_messages["required"] = asked
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = WRONG_EMAIL
            field.validators = [EmailValidator(WRONG_EMAIL)]


class _Asking(forms.Form):
    def full_clean(self) -> None:
        ask_by_name(self.fields)
        super().full_clean()


class SignIn(Plain, account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("User name, telephone number or e-mail"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "class": "width-20"}
            ),
        )
        self.fields["password"].label = _("Password")
        self.fields["password"].widget.attrs["class"] = "width-20"
        self.fields["remember"].label = _("Stay signed in on this device")
        self.order_fields(["login", "password", "remember"])


class SignUp(_Asking):
    """What a new citizen says. The telephone number becomes the user name."""

    full_name = forms.CharField(
        label=_("Full name"),
        help_text=_("As on your identity card"),
        max_length=rules.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "width-20"}),
    )
    phone = forms.CharField(
        label=_("Telephone number"),
        help_text=_("You sign in with it, and officers call you on it"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "class": "width-10"}),
    )
    email = forms.EmailField(
        label=_("E-mail (optional)"),
        help_text=_("For messages about your dossiers, and to set a new password when you forget it"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "width-20"}),
    )
    person_id = forms.CharField(
        label=_("Personal identification number (optional)"),
        help_text=_("12 digits, on the front of your identity card. It fills in forms for you."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "width-10"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HINT,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "width-20"}),
    )
    again = forms.CharField(
        label=AGAIN,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "width-20"}),
    )
    terms = forms.BooleanField(
        label=_("I have read the terms of use and agree to them"),
        error_messages={"required": _("Without your agreement no account can be made.")},
    )

    def clean_full_name(self) -> str:
        return full_name(self.cleaned_data["full_name"])

    def clean_phone(self) -> str:
        return parsed(Phone(key="phone", label="phone"), self.cleaned_data["phone"])

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_person_id(self) -> str:
        typed = self.cleaned_data["person_id"]
        return parsed(PersonId(key="person_id", label="number"), typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        password, again = data.get("password"), data.get("again")
        if password:
            said = {name: data.get(name, "") for name in ("full_name", "phone", "email")}
            try:
                validate_password(password, Account(username=said["phone"], **said))
            except ValidationError as error:
                self.add_error("password", error)
        if password and again is not None and password != again:
            self.add_error("again", _("This is not the same password as above."))
        return data


def full_name(typed: str) -> str:
    """A name in the form it is kept in. Raises ValidationError."""
    name = one_line(typed)
    if forbidden(name) or not rules.is_full_name(name):
        raise ValidationError(_("Write the full name with its letters, as on the identity card."))
    return name


def parsed(field: Field, typed: str) -> str:
    """What a field of the house makes of the text. Raises ValidationError."""
    try:
        return str(field.parse(typed, Context(at=clock.today())))
    except Invalid as error:
        raise ValidationError([str(problem) for problem in error.problems.values()]) from error


class Reauthenticate(Plain, account.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")


class _NewPassword(Plain):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        fields["password1"].label, fields["password1"].help_text = _("New password"), PASSWORD_HINT
        fields["password2"].label = AGAIN
        for name in fields:
            fields[name].widget.attrs["class"] = "width-20"


class ChangePassword(_NewPassword, account.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")


class SetPassword(_NewPassword, account.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKey(_NewPassword, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ResetPassword(Plain, account.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs["class"] = "width-20"


class ChangeEmail(Plain, account.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
        self.fields["email"].widget.attrs["class"] = "width-20"


# second factors


class _Code(Plain):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: forms.Field = self.fields["code"]  # type: ignore[attr-defined]
        field.label = _("Code")
        field.help_text = _("Six digits from the authenticator app")
        field.widget.attrs |= {"inputmode": "numeric", "class": "width-10"}


class _CodeOnce(_Code):
    """A code works once, although it is taken for a while longer than the app shows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: forms.Field = self.fields["code"]  # type: ignore[attr-defined]
        field.help_text = _("Six digits from the authenticator app, or one of your recovery codes")

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        used = f"identity.code:{self.authenticator.pk}:{compact(code)}"  # type: ignore[attr-defined]
        if not cache.add(used, 1, timeout=USED_CODE_KEPT):
            raise ValidationError(adapter.WRONG_CODE, code="incorrect_code")
        return code


class AuthenticateByCode(_CodeOnce, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateByCode(_CodeOnce, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateApp(_Code, ActivateTOTPForm):  # type: ignore[misc]
    pass


class _Key:
    """Answers of security keys come from a script: what is no such answer at all is refused, not a fault of ours."""

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except (AttributeError, KeyError, TypeError, ValueError):
            self.cleaned_data: dict[str, Any] = {}
            self.add_error("credential", _("The answer of the security key could not be read. Please try again."))  # type: ignore[attr-defined]


class AddKey(_Key, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].help_text = _("So that you tell your keys apart, for example: office computer")
        self.fields["name"].max_length = 100
        self.fields["passwordless"].label = _("Also sign in with this key alone, without a password")
        self.fields["passwordless"].help_text = _("The device then asks for your fingerprint, face or PIN.")


class RenameKey(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].max_length = 100


class AuthenticateByKey(_Key, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class SignInByKey(_Key, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class ReauthenticateByKey(_Key, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


# officers


class Day(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "width-10"})
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y"], widget=widget, **kwargs)


class OfficerDetails(_Asking):
    full_name = forms.CharField(
        label=_("Full name"), max_length=rules.LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("Official e-mail"),
        help_text=_("Messages about the account go there, also links to set a password"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Telephone number"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off", "class": "width-10"}),
    )

    def clean_full_name(self) -> str:
        return full_name(self.cleaned_data["full_name"])

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return parsed(Phone(key="phone", label="phone"), typed) if typed else ""


class NewOfficer(OfficerDetails):
    username = forms.CharField(
        label=_("User name"),
        help_text=_("Small letters, digits, and . _ - between them, for example lan.motcua"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    first_day = Day(label=_("First day in the post"), initial=clock.today)
    field_order = ["full_name", "username", "email", "phone", "first_day"]

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"]).lower()
        if not rules.USERNAME.fullmatch(name):
            raise ValidationError(_("Use 3 to 50 small letters and digits, beginning with a letter."))
        return name


class GivePost(_Asking):
    first_day = Day(label=_("First day in the post"), initial=clock.today)
    last_day = Day(label=_("Last day (optional)"), required=False)


class EndPost(_Asking):
    last_day = Day(label=_("Last day in the post"), initial=clock.today)

    def day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        return day
