"""Taking in files for a register, holding those that entries have, forgetting those that came to nothing.

A file is uploaded first and named by an entry afterwards. Only who uploaded it can name it, and only in the register
for which it was uploaded; what stands in an entry already may stay there, whoever brought it.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.context import FileRef
from lienthong.foundation.fields.data import Values
from lienthong.foundation.fields.nodes import Node
from lienthong.foundation.fields.problems import NotAccepted, Problem
from lienthong.foundation.fields.references import ELEMENT
from lienthong.foundation.fields.stored_files import FilesOf, attached_in, policy_of, refs_in
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.identity.actors import Officer
from lienthong.registers import access, queries
from lienthong.registers.attaching.models import EntryFile
from lienthong.registers.definition import RegisterBody
from lienthong.registers.proposals.models import Proposal
from lienthong.settings.environment import environment

WAITS = timedelta(hours=24)
"""So long a file that was uploaded waits for an entry to name it."""


class NoSuchFileField(DomainError):
    code = "registers.no_such_file_field"


# taking in


@transaction.atomic
def upload(*, register: str, source: Any, name: str, policy: Policy, officer: Officer) -> StoredFile:
    """Take in a file that an entry is about to name. Raises FileRefused and NotAllowed."""
    body = queries.register(register)
    access.require(officer, body, to="write")
    stored = files.store(source, name=name, policy=policy, actor=officer)
    EntryFile.objects.create(register=body.key, file=stored)
    return stored


def policy_for(register: str, field: str, officer: Officer) -> Policy:
    """What a field takes, which is named as errors name it, without the numbers of rows (`quyet_dinh`,
    `hang_muc.anh`). Raises NoSuchFileField for one that is not the officer's to fill in."""
    body = queries.register(register)
    writable = access.require(officer, body, to="write").fields
    for key, node in _file_nodes(body):
        if field == ".".join(step for step in node.path if step != ELEMENT) and key in writable:
            assert isinstance(node.field, File)
            return policy_of(node.field, limit_mb=environment.upload_limit_mb)
    raise NoSuchFileField(
        _("“%(field)s” is no field of this register that files are attached to."),
        way_out=_("The description of the register says which there are."),
        field=field[:100],
    )


def _file_nodes(body: RegisterBody) -> Iterator[tuple[str, Node]]:
    """Every file field, with the key of the field of the entry in which it lies: its own, or that of its table."""
    for node in body.fields.nodes.values():
        if isinstance(node.field, File):
            yield (node.table[-1] if node.table else node.field.key), node


def nameable(body: RegisterBody, account_id: int, before: Values) -> FilesOf:
    """The files that somebody may name in an entry of the register: those uploaded for it, and those in it already."""
    waiting = EntryFile.objects.filter(register=body.key, entry_id=None).values("file_id")
    own = StoredFile.objects.filter(account_id=account_id, pk__in=waiting)
    return FilesOf(own, there=[ref.id for ref in refs_in(before)])


def staying(before: Values) -> FilesOf:
    """Only the files that are in an entry already: where nobody attaches anything."""
    return FilesOf(StoredFile.objects.none(), there=[ref.id for ref in refs_in(before)])


def _proposed() -> set[int]:
    """The files that proposals name which may still become entries."""
    open_states = [Proposal.State.DRAFT, Proposal.State.WAITING, Proposal.State.RETURNED, Proposal.State.APPLYING]
    said = Proposal.objects.filter(state__in=open_states).exclude(values={}).values_list("values", flat=True)
    return {int(id) for values in said.iterator() for id in attached_in(values) if id.isdecimal()}


# holding


def hold(body: RegisterBody, entry_id: int, values: Values) -> None:
    """Hold the files of an entry's new state, in the transaction that writes it. Raises NotAccepted for one that was
    forgotten a moment ago."""
    if not body.attachments:
        return
    wanted = {(key, int(ref.id)) for key, ref in _refs(body, values)}
    of_entry = EntryFile.objects.filter(register=body.key, entry_id=entry_id)
    held = set(of_entry.values_list("field", "file_id")) if wanted else set()
    new = sorted(wanted - held)
    if not new:
        return
    uploaded = EntryFile.objects.filter(entry_id=None, file_id__in=[id for _key, id in new])
    waiting = list(uploaded.select_for_update())
    known = {each.file_id for each in waiting} | {id for _key, id in held}
    if gone := [key for key, id in new if id not in known]:
        why = Problem("no_such_file", _("This file is no longer there. Attach it again."))
        raise NotAccepted({".".join(body.leaves[key].path): why for key in gone})
    EntryFile.objects.bulk_create(
        [EntryFile(register=body.key, entry_id=entry_id, field=key, file_id=id) for key, id in new]
    )
    EntryFile.objects.filter(pk__in=[each.pk for each in waiting]).delete()


def _refs(body: RegisterBody, values: Values) -> Iterator[tuple[str, FileRef]]:
    """The files in an entry, each with the key of the field in which it is."""
    flat = body.layout.flat(values)
    return ((key, ref) for key in body.attachments for ref in refs_in(flat.get(key)))


def let_go(found: Iterable[EntryFile]) -> int:
    """Let go of files, and forget those that nobody else holds, in the caller's transaction. Says how many went."""
    rows = list(found)
    EntryFile.objects.filter(pk__in=[each.pk for each in rows]).delete()
    wanted = {each.file_id for each in rows}
    still = set(EntryFile.objects.filter(file_id__in=wanted).values_list("file_id", flat=True))
    return len(files.discard_unless_held(sorted(wanted - still)))


def forget_waiting() -> int:
    """Forget the files that were uploaded a day ago and that neither an entry has named nor a proposal that is still to
    be decided. Says how many there were."""
    waiting = EntryFile.objects.filter(entry_id=None).exclude(file_id__in=_proposed())
    return files.forget_waiting(waiting, let_go, before=clock.now() - WAITS)


def fields_with(body: RegisterBody, states: Iterable[Values], file_id: int) -> set[str]:
    """The fields that have or had the file in any of some states of an entry, by their keys."""
    wanted = str(file_id)
    return {key for values in states for key, ref in _refs(body, values) if ref.id == wanted}
