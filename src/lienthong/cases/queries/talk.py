"""The conversation of a dossier as its pages show it. Who may see the dossier is for the gate in front of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lienthong.cases.models import Dossier, Message, MessageFile
from lienthong.foundation.organisations.queries import tree

PAGE = 20
"""So many messages are shown at once, the last ones."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message with what goes with it. `mine`: of the side that looks; `new`: that side has not seen it yet."""

    message: Message
    files: list[MessageFile]
    new: bool
    mine: bool

    @property
    def who(self) -> str:
        return self.message.author.full_name

    @property
    def office(self) -> str:
        """Of an officer: post and agency."""
        post = self.message.post
        return f"{post.title}, {tree()[post.organisation_id].short_name}" if post else ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A stretch of it, the newest last. `before` is where the page of what was said earlier begins."""

    said: list[Said]
    before: int | None

    @property
    def messages(self) -> list[Message]:
        return [each.message for each in self.said]

    @property
    def new(self) -> int:
        return sum(each.new for each in self.said)

    def awaits(self, *, from_applicant: bool) -> bool:
        """Whether something that this side wrote waits for the other."""
        return any(each.awaits and each.from_applicant == from_applicant for each in self.messages)


def conversation(dossier: Dossier, *, by_applicant: bool, before: int | None = None) -> Conversation:
    """The last messages of a dossier, or those before one of them. Two queries; one where nothing was written."""
    rows = Message.objects.filter(dossier=dossier, sent_at__gte=dossier.submitted_at)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("author", "post").order_by("-pk")[: PAGE + 1])
    messages = found[:PAGE][::-1]
    files = files_of(dossier, messages)
    said = [
        Said(each, files[each.pk], new=not mine and each.read_at is None, mine=mine)
        for each, mine in ((each, each.from_applicant == by_applicant) for each in messages)
    ]
    return Conversation(said, messages[0].pk if len(found) > PAGE else None)


def files_of(dossier: Dossier, messages: Iterable[Message]) -> dict[int, list[MessageFile]]:
    """What goes with messages of a dossier, by message."""
    files: dict[int, list[MessageFile]] = defaultdict(list)
    ids = [message.pk for message in messages]
    if ids:
        found = MessageFile.objects.filter(dossier=dossier, message_id__in=ids).select_related("file").order_by("pk")
        for file in found:
            files[file.message_id].append(file)
    return files


def with_news(dossiers: Iterable[Dossier]) -> set[int]:
    """Ids of those of an applicant's dossiers in which an officer wrote something that was not seen. One query."""
    unseen = Message.objects.filter(dossier__in=list(dossiers), from_applicant=False, read_at=None)
    return set(unseen.values_list("dossier_id", flat=True))
