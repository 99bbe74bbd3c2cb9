"""The people of a demonstration: who holds which post, who applies. Never used outside demonstrations and tests."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from lienthong.foundation.definitions.registry import Body, Catalogue, Day, Kind, Problem, Shape
from lienthong.foundation.organisations.definition import ORGANISATIONS


class CastPost(Shape):
    organisation: str
    post: str


class CastOfficer(Shape):
    username: str
    name: str
    email: str = ""
    posts: tuple[CastPost, ...] = Field(min_length=1)


class CastAddress(Shape):
    unit: str = Field(description="Code of the administrative unit")
    detail: str


class CastCitizen(Shape):
    username: str
    name: str
    person_id: str
    born: Day
    gender: str
    phone: str
    email: str = ""
    address: CastAddress


class CastBusiness(Shape):
    name: str
    tax_code: str
    representative: str = Field(description="User name of the citizen who acts for it")
    address: CastAddress


class CastBody(Body):
    """Invented people in real posts."""

    officers: tuple[CastOfficer, ...]
    citizens: tuple[CastCitizen, ...]
    businesses: tuple[CastBusiness, ...] = ()


def check_cast(body: CastBody, catalogue: Catalogue) -> Iterator[Problem]:
    """Every post exists, every user name is there once, every business is represented by one of the citizens."""
    yield from _twice(body)
    yield from _unknown_posts(body, catalogue)
    citizens = {person.username for person in body.citizens}
    for number, business in enumerate(body.businesses):
        if business.representative not in citizens:
            message = _("There is no citizen “%(text)s”.") % {"text": business.representative}
            yield Problem(("businesses", number, "representative"), message)


def _twice(body: CastBody) -> Iterator[Problem]:
    everybody: dict[str, tuple[CastOfficer | CastCitizen, ...]] = {"officers": body.officers, "citizens": body.citizens}
    names: set[str] = set()
    for group, people in everybody.items():
        for number, person in enumerate(people):
            name = person.username.lower()
            if name in names:
                yield Problem((group, number, "username"), _("“%(text)s” is there twice.") % {"text": name})
            names.add(name)


def _unknown_posts(body: CastBody, catalogue: Catalogue) -> Iterator[Problem]:
    posts = {
        (entry.key, key)
        for tree in catalogue.all(ORGANISATIONS).values()
        for entry in tree.flat()
        for post in entry.posts
        for key in post.each_key()
    }
    for number, officer in enumerate(body.officers):
        for at, held in enumerate(officer.posts):
            if (held.organisation, held.post) not in posts:
                message = _("There is no post “%(post)s” in “%(organisation)s”.") % held.model_dump()
                yield Problem(("officers", number, "posts", at), message)


CAST = Kind("cast", CastBody, title=_("people of the demonstration"), after=("organisations",), check=check_cast)
