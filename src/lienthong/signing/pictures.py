"""The pictures of signatures and seals: who gives them, and the stamps they make. Who asks for a stamp has checked who
signs."""

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files import services as files
from lienthong.foundation.files import storage
from lienthong.identity.actors import Officer
from lienthong.signing import cutting, policy
from lienthong.signing.models import Certificate, Picture
from lienthong.signing.stamps import Stamp

SMALLEST, LARGEST = 20, 50
"""Real widths of seals in mm."""

GIVEN = ledger.event("signing.picture_given", _("The picture of a signature or seal was given"))
ENDED = ledger.event("signing.picture_ended", _("The picture of a signature or seal was taken out of use"))

_Holder = tuple[str, int]
"""The field that names who a picture belongs to, and its value."""


class NoSuchSize(DomainError):
    code = "signing.no_such_size"


@transaction.atomic
def give_signature(content: bytes, *, officer: Officer) -> Picture:
    """The officer's own handwritten signature. The same picture given again changes nothing. Raises NotAPicture."""
    picture = Picture(kind=Certificate.Kind.PERSON, account_id=officer.account_id)
    return _give(picture, cutting.cut(content, cutting.SIGNATURE), officer)


@transaction.atomic
def give_seal(content: bytes | None, *, organisation_id: int, diameter: int | None, officer: Officer) -> Picture:
    """The seal of an organisation and its real width in mm; without `content` only the width is changed.

    Raises NotFound where the officer does not keep this seal, NoSuchSize, NotAPicture.
    """
    node = policy.kept_seal(organisation_id, officer)
    if diameter is None or not SMALLEST <= diameter <= LARGEST:
        raise NoSuchSize(_("Say how wide the seal is: from %(least)s to %(most)s mm."), least=SMALLEST, most=LARGEST)
    former = seal_of(node.id)
    if content is None and former is None:
        raise cutting.NotAPicture(_("Choose the picture of the seal."))
    picture = Picture(kind=Certificate.Kind.SEAL, organisation_id=node.id, diameter=diameter)
    if content is None and former is not None:
        return _give(picture, content_of(former), officer)
    return _give(picture, cutting.cut(content or b"", cutting.SEAL), officer)


@transaction.atomic
def end_signature(*, officer: Officer) -> None:
    """The officer's signature is shown in words again."""
    _end(("account_id", officer.account_id), officer)


@transaction.atomic
def end_seal(*, organisation_id: int, officer: Officer) -> None:
    """Raises NotFound where the officer does not keep this seal."""
    _end(("organisation_id", policy.kept_seal(organisation_id, officer).id), officer)


def signature_of(account_id: int) -> Picture | None:
    return Picture.objects.select_related("file").filter(account_id=account_id, ended_at=None).first()


def seal_of(organisation_id: int) -> Picture | None:
    return Picture.objects.select_related("file").filter(organisation_id=organisation_id, ended_at=None).first()


def content_of(picture: Picture) -> bytes:
    with storage.open_content(picture.file.sha256) as content:
        return bytes(content.read())


def stamp_of_signer(account_id: int, *, place: str = "signer") -> Stamp:
    """The person's own picture at this place of the paper; where there is none, the stamp in words."""
    picture = signature_of(account_id)
    return Stamp(place=place, image=content_of(picture) if picture else None)


def stamp_of_seal(organisation_id: int) -> Stamp:
    """The organisation's seal in its real size, a third over the signature; where there is no picture, in words."""
    picture = seal_of(organisation_id)
    if picture is None:
        return Stamp(place="seal")
    return Stamp(place="seal", image=content_of(picture), diameter=picture.diameter)


def _give(picture: Picture, content: bytes, officer: Officer) -> Picture:
    holder = _holder(picture)
    _lock(holder)
    former = Picture.objects.select_related("file").filter(**dict([holder]), ended_at=None).first()
    if former and former.diameter == picture.diameter and content_of(former) == content:
        return former
    if former:
        former.ended_at = clock.now()
        former.save(update_fields=["ended_at"])
    picture.file = files.keep(content, name="chu-ky.png" if picture.account_id else "con-dau.png", format_key="png")
    picture.given_at, picture.given_by = clock.now(), officer.account_id
    picture.save()
    _record(GIVEN, holder, officer, {"sha256": picture.file.sha256, "diameter": picture.diameter})
    return picture


def _end(holder: _Holder, officer: Officer) -> None:
    _lock(holder)
    ended = Picture.objects.filter(**dict([holder]), ended_at=None).update(ended_at=clock.now())
    if ended:
        _record(ENDED, holder, officer, {})


def _holder(picture: Picture) -> _Holder:
    if picture.account_id is not None:
        return "account_id", picture.account_id
    assert picture.organisation_id is not None
    return "organisation_id", picture.organisation_id


def _lock(holder: _Holder) -> None:
    """Held to the end of the transaction: one at a time changes the picture of a holder."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"signing.picture:{holder}"])


def _record(event: ledger.EventKind, holder: _Holder, officer: Officer, data: dict[str, object]) -> None:
    field, number = holder
    of_person = field == "account_id"
    ledger.record(
        event,
        subject=("account" if of_person else "organisation", number),
        actor=officer,
        organisation_id=officer.acting.organisation.id if of_person else number,
        data={name: value for name, value in data.items() if value},
    )
