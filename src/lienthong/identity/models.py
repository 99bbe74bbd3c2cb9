"""Accounts, and the people and businesses behind them."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """One sign-in of one person. What the person may do comes from posts (officers) or from being the applicant.

    `username` is in small letters; for people who signed up themselves it is their telephone number.
    """

    username = models.CharField(_("user name"), max_length=150, unique=True)
    full_name = models.CharField(_("full name"), max_length=150)
    name_key = models.CharField(max_length=150, blank=True, help_text="The name as lists are sorted and searched by it")
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone number"), max_length=15, blank=True)
    is_active = models.BooleanField(default=True)
    managed = models.BooleanField(default=False, help_text="Given by an administrator, not signed up for")
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = AccountManager()

    class Meta:
        indexes = [
            models.Index("email", name="account_email", condition=~Q(email="")),
            models.Index("phone", name="account_phone", condition=~Q(phone="")),
            models.Index("name_key", "id", name="account_managed", condition=Q(managed=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(username=Lower(F("username"))), name="account_username_small"),
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="account_email_small"),
        ]

    def __str__(self) -> str:
        return self.full_name


class Person(models.Model):
    """What is known of the person behind an account, as the person said it. Offered to forms, never asked twice.

    Nobody has checked it: the same number may therefore stand with two accounts, and saying whose it is would tell
    strangers who has an account.
    """

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="person")
    person_id = models.CharField(max_length=12, blank=True, help_text="Số định danh cá nhân, 12 digits")
    born = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=10, blank=True, help_text="Code of the list of genders")
    address_unit = models.CharField(max_length=10, blank=True, help_text="Code of the commune")
    address_detail = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = [models.Index("person_id", name="person_id_found", condition=~Q(person_id=""))]


class Business(models.Model):
    """An enterprise, cooperative or household business, known by its registration number (QĐ 20/2020 art. 5)."""

    tax_code = models.CharField(max_length=14, unique=True)
    name = models.CharField(max_length=250)
    address_unit = models.CharField(max_length=10, blank=True)
    address_detail = models.CharField(max_length=255, blank=True)


class Representation(models.Model):
    """That a person acts for a business, from the first day to the last."""

    business = models.ForeignKey(Business, models.CASCADE, related_name="representations")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="representations")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("business", "account", "valid_from", name="representation_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="representation_valid_days"
            ),
        ]


class Guesses(models.Model):
    """Wrong passwords in a row: for a name that somebody or nobody has, or from a network address."""

    key = models.CharField(max_length=80, primary_key=True, help_text="name:<sha256>, address:203.0.113.7")
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    closed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("last_at", name="guesses_last_at")]


class SharedValue(models.Model):
    """One value of the cache that all processes share (`cache.py`)."""

    key = models.CharField(max_length=250, primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("expires_at", name="shared_value_expires_at")]
