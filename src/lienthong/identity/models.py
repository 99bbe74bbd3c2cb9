"""Accounts, and the people and businesses behind them."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.models import StoredFile


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
    strangers who has an account. Of one account alone a clerk may have confirmed the number, by comparing the person
    with the identity card; `code` is what the person tells the clerk for that, to show that the account is theirs.
    """

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="person")
    person_id = models.CharField(max_length=12, blank=True, help_text="Số định danh cá nhân, 12 digits")
    born = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=10, blank=True, help_text="Code of the list of genders")
    address_unit = models.CharField(max_length=10, blank=True, help_text="Code of the commune")
    address_detail = models.CharField(max_length=255, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_post_id = models.BigIntegerField(null=True, blank=True, help_text="Of the clerk who saw the card")
    code = models.CharField(
        max_length=10, unique=True, null=True, blank=True, help_text="Shows a clerk that the account is the person's"
    )
    code_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("person_id", name="person_id_found", condition=~Q(person_id=""))]
        constraints = [
            models.UniqueConstraint("person_id", name="person_confirmed_once", condition=Q(confirmed_at__isnull=False)),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, confirmed_post_id=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, confirmed_post_id__isnull=False)
                & ~Q(person_id=""),
                name="person_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(code=None, code_until=None) | Q(code__isnull=False, code_until__isnull=False),
                name="person_code_until",
            ),
        ]


class Business(models.Model):
    """An enterprise, cooperative or household business, known by its registration number (QĐ 20/2020 art. 5)."""

    tax_code = models.CharField(max_length=14, unique=True)
    name = models.CharField(max_length=250)
    address_unit = models.CharField(max_length=10, blank=True)
    address_detail = models.CharField(max_length=255, blank=True)


class Mandate(models.Model):
    """That somebody, the agent, may act for another person or for a business, from the first day to the last.

    Legal representatives of a business, parents of a child, and whoever was authorised in writing or online (Civil Code
    2015, art. 134 to 138). Who is acted for stands in it as it was said (`name`, `identity`); `account` or `business`
    says who that is known to be. A child needs no account. Rows live as long as the people do and are read by them at
    any time, so the table is not partitioned.
    """

    class Kind(models.TextChoices):
        LEGAL = "legal", _("Legal representative")
        WRITTEN = "written", _("Authorised")
        PARENT = "parent", _("Father, mother or guardian")

    class State(models.TextChoices):
        OFFERED = "offered", _("Given, not yet taken up")
        CLAIMED = "claimed", _("Waiting for confirmation")
        CONFIRMED = "confirmed", _("Confirmed online")
        CHECKED = "checked", _("Checked at the counter")
        REVOKED = "revoked", _("Ended")

    code = models.CharField(max_length=10, unique=True, help_text="What one of the two tells the other, or a clerk")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="mandates", help_text="Who acts"
    )
    agent_name = models.CharField(max_length=150)
    for_business = models.BooleanField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    business = models.ForeignKey(Business, models.PROTECT, null=True, blank=True, related_name="mandates")
    name = models.CharField(max_length=250, help_text="Of the person or business that is acted for")
    identity = models.CharField(max_length=14, help_text="Personal identification number or tax code")
    phone = models.CharField(max_length=15, blank=True)
    address_unit = models.CharField(max_length=10, blank=True)
    address_detail = models.CharField(max_length=255, blank=True)
    procedures = ArrayField(models.CharField(max_length=100), default=list, help_text="Keys; none: every procedure")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_post_id = models.BigIntegerField(null=True, blank=True, help_text="Of the clerk who compared the papers")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was refused or taken back")

    class Meta:
        indexes = [
            models.Index(fields=["agent", "-id"], name="mandate_agent"),
            models.Index(fields=["account", "-id"], name="mandate_account"),
            models.Index(fields=["business", "-id"], name="mandate_business"),
            models.Index("identity", name="mandate_claims", condition=Q(state="claimed", for_business=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "kind", "identity", "for_business"],
                name="mandate_claimed_once",
                condition=Q(state="claimed"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="mandate_valid_days"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "checked"])
                | Q(agent__isnull=False, confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="mandate_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "checked"]) | Q(for_business=False) | Q(business__isnull=False),
                name="mandate_of_a_known_business",
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", revoked_at__isnull=False) | ~Q(state="revoked") & Q(revoked_at=None),
                name="mandate_revoked",
            ),
            models.CheckConstraint(
                condition=Q(for_business=True, account=None) | Q(for_business=False, business=None),
                name="mandate_for_one",
            ),
            models.CheckConstraint(condition=~Q(agent=F("account")), name="mandate_for_another"),
        ]

    def __str__(self) -> str:
        return self.name


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
