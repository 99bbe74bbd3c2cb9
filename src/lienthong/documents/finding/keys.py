"""Keys by which lines of registers are found: what each is, and by what somebody may see it.

They stand in one index with the words, so that a word that many documents have costs no more than the few of them that
somebody may see. The database writes them (migrations 0010_finding, 0011_limited, 0016_finding_by_year). They choose
what is looked at; who sees what is decided by `visible_to` and `issues_for` alone.
"""

from collections.abc import Iterator

from lienthong.documents import policy
from lienthong.documents.records import policy as records_policy
from lienthong.foundation.fields.typed import folded
from lienthong.identity.actors import Officer

MANY = 150
"""From so many keys on somebody sees much: then the newest are gone through, and asked for their keys one by one. Who
has fewer is led to what they see of a year by these keys with the year: `register:76@2026`."""


def readers_of(officer: Officer) -> list[str]:
    """The keys of all that somebody may see, as `visible_to` of arrivals and records and `issues_for` have it."""
    return sorted(set(_readers_of(officer)))


def _readers_of(officer: Officer) -> Iterator[str]:
    for agency in policy.agencies_of(officer):
        yield f"register:{agency.id}"
    for organisation_id in policy.seen_by(officer):
        yield f"see:{organisation_id}"
    for role, organisations in officer.desks().items():
        for organisation_id in organisations:
            yield f"desk:{organisation_id}:{role}"
    for post in officer.posts:
        yield f"post:{post.id}"
        yield f"unit:{post.organisation.id}"
    for agency_id in records_policy.archived_by(officer):
        yield f"archive:{agency_id}"


def what(value: str) -> str:
    return f"what:{value}"


def agency(organisation_id: int) -> str:
    """In whose register it stands."""
    return f"agency:{organisation_id}"


def kind(code: str) -> str:
    return f"type:{code}"


def had_by(organisation_id: int) -> str:
    """With which part of an agency it lay, which part drafted it or makes it."""
    return f"had:{organisation_id}"


def issuer(name: str) -> str:
    """Who made it, by the whole name, accents or not."""
    return f"issuer:{folded(name)}"
