"""What a demonstration begins with: the people of the cast with their accounts, and their last weeks."""

from dataclasses import dataclass
from pathlib import Path

from lienthong.cli.terminal import Report
from lienthong.foundation import partitions
from lienthong.identity.actors import Officer
from lienthong.identity.definition import CAST
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.identity.services import settle_cast
from lienthong.simulation import weeks

PASSWORD = "mot-cua-dien-tu"  # noqa: S105 - printed for everybody by `lt up`


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration as `lt up` prints it."""

    name: str
    post: str
    agency: str
    username: str
    password: str = PASSWORD


def settle_people() -> list[DemoAccount]:
    """Make the accounts of the cast where they are missing. May be repeated."""
    partitions.ensure_all_years()
    settled = [person for published in CAST.all() for person in settle_cast(published.body, PASSWORD)]
    return [_account(person.username) for person in settled]


def play_weeks(folder: Path, report: Report) -> int:
    """Simulate the weeks before the present where they are missing; says how many dossiers were handed in."""
    return weeks.play(folder, lambda done, total, what: report(done, total, what))


def _account(username: str) -> DemoAccount:
    person = actor_of(Account.objects.get(username=username))
    if isinstance(person, Officer):
        agency = ", ".join(dict.fromkeys(post.organisation.short_name for post in person.posts))
        return DemoAccount(person.name, person.posts[0].title, agency, username)
    return DemoAccount(person.name, "người dân", "", username)
