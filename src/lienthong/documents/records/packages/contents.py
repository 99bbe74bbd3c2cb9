"""What a package holds, as plain values: a record, what is in it, its files, what happened, who did it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid5

NAMESPACE = UUID("3d0c3f8e-6a8d-4f0b-9a7e-5d1a6c2e9b41")
"""In which packages get their identifiers."""
REPRESENTATION = "representations/rep1"
RENDITIONS = "representations/rep2"
"""PDF/A that was made of files of the other representation; it lies only in packages that hold such."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """That PDF/A was to be made of a file, at what moment and by which program. `problem`: why it could not; `signed`:
    the file bears digital signatures, which what was made of it has not."""

    at: datetime
    program: str
    version: str
    problem: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file as it goes into a package, unchanged. `path` from the folder of the package; `claim`: which PDF/A the file
    says it is, such as 2b; empty where it says none. `rendition` is the PDF/A that was made of it by `attempt`; `lacks`
    says why there is neither a claim nor a rendition."""

    path: str
    name: str
    media_type: str
    size: int
    sha256: str
    stored_at: datetime
    claim: str = ""
    attempt: Attempt | None = None
    rendition: "PackedFile | None" = None
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class PackedDocument:
    """What is filed in the record, as the list of its documents says."""

    place: int
    kind: str
    code: str
    title: str
    issuer: str
    dated: date | None
    sheets: int | None
    note: str
    files: tuple[PackedFile, ...]


@dataclass(frozen=True, slots=True)
class Agent:
    """Who did something: `key` is unique in the package; `kind` is person, organization or software."""

    key: str
    name: str
    kind: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the ledger. `document`: the place of what it is about; None for the record itself."""

    entry: int
    kind: str
    words: str
    at: datetime
    agent: str
    document: int | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that a package says. The ledger's last entry that it tells of makes its identifier, with the record and the
    PDF/A that was made: so the same content always has the same, and another has another."""

    record_key: UUID
    code: str
    title: str
    retention: str
    rights: str
    description: str
    started_on: date
    ended_on: date
    sheets: int
    creator: Organisation
    archive: Organisation
    archive_code: str
    documents: tuple[PackedDocument, ...]
    events: tuple[Event, ...]
    agents: tuple[Agent, ...]
    software: Agent = field(default=Agent("software", "Liên Thông", "software", "0"))

    @property
    def files(self) -> list[PackedFile]:
        return [file for document in self.documents for file in document.files]

    @property
    def renditions(self) -> list[PackedFile]:
        return [file.rendition for file in self.files if file.rendition]

    @property
    def lacking(self) -> list[PackedFile]:
        """Files that neither are PDF/A nor have one beside them."""
        return [file for file in self.files if not file.claim and not file.rendition]

    @property
    def identifier(self) -> str:
        last = max((event.entry for event in self.events), default=0)
        made = "".join(f" {file.sha256}" for file in self.renditions)
        lacking = "".join(f" {file.path} {file.lacks} {file.attempt and file.attempt.at}" for file in self.lacking)
        return f"uuid-{uuid5(NAMESPACE, f'{self.record_key} {last}{made}{lacking}')}"

    @property
    def made_at(self) -> datetime:
        """The moment of the last that happened to it: the packages of one content bear one moment."""
        attempts = (file.attempt.at for file in self.files if file.attempt)
        return max((*(event.at for event in self.events), *attempts))


def archive_code(archive: str, fonds: str, *, year: int, submission: int, ordinal: int) -> str:
    """arcFileCode: the archive, who made the records, year, the how manyth submission, the how manyth record in it."""
    return f"{archive}.{fonds}.{year}.{submission}.{ordinal}"


def data_path(place: int, number: int, ending: str) -> str:
    """Where a file lies in the package: without accents, so that every system unpacks the same names."""
    return f"{REPRESENTATION}/data/{place:04}/{number:02}.{ending}"


def rendition_path(path: str) -> str:
    """Where the PDF/A of a file lies: under the same numbers in the other representation."""
    return f"{RENDITIONS}{path.removeprefix(REPRESENTATION).rpartition('.')[0]}.pdf"
