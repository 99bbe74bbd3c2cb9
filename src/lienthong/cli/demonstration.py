"""What a demonstration begins with: the people of the cast with their accounts, and some dossiers on their way."""

from dataclasses import dataclass

from lienthong.cases.samples import SAMPLES, settle_samples
from lienthong.cli.terminal import Report
from lienthong.foundation import partitions
from lienthong.identity.actors import Officer
from lienthong.identity.definition import CAST
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.identity.services import settle_cast

PASSWORD = "mot-cua-dien-tu"  # noqa: S105 - printed for everybody by `lt up`


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration as `lt up` prints it."""

    name: str
    post: str
    agency: str
    username: str
    password: str = PASSWORD


def seed(report: Report) -> list[DemoAccount]:
    """Make accounts and sample dossiers where they are missing. May be repeated."""
    partitions.ensure_all_years()
    settled = [person for published in CAST.all() for person in settle_cast(published.body, PASSWORD)]
    for samples in SAMPLES.all():
        settle_samples(samples.body, lambda done, total: report(done, total, "dossiers"))
    return [_account(person.username) for person in settled]


def _account(username: str) -> DemoAccount:
    person = actor_of(Account.objects.get(username=username))
    if isinstance(person, Officer):
        agency = ", ".join(dict.fromkeys(post.organisation.short_name for post in person.posts))
        return DemoAccount(person.name, person.posts[0].title, agency, username)
    return DemoAccount(person.name, "người dân", "", username)
