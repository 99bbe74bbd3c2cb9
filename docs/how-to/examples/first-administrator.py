"""Make the first administrator of a new installation: ./lt manage shell < docs/how-to/examples/first-administrator.py

Everybody else gets an account on the page “Cán bộ”. Put in the name and the user name of the real person first.
"""

from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from lienthong.foundation import clock
from lienthong.foundation.organisations import queries, services
from lienthong.identity.models import Account
from lienthong.identity.rules import name_key

USERNAME = "quantri"
FULL_NAME = "Nguyễn Văn A"
AGENCY, POST = "ubnd-tinh", "quan-tri-he-thong"

agency = queries.by_key(AGENCY)
post = next(post for post in queries.tree().posts.values() if post.organisation_id == agency.id and post.key == POST)
account = Account(
    username=USERNAME, full_name=FULL_NAME, name_key=name_key(FULL_NAME), managed=True, created_at=clock.now()
)
password = getpass(f"Password of {USERNAME}: ")
validate_password(password, account)
account.set_password(password)
with transaction.atomic():
    account.save()
    services.appoint(account_id=account.pk, post_id=post.id, valid_from=clock.today())
