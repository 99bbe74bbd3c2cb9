"""What is attached to a report: a short paper about what was done."""

from datetime import datetime

from lienthong.directives.models import Task
from lienthong.directives.services import Upload
from lienthong.documents.papers.laying_out import lay_out
from lienthong.documents.rules.contents import Contents, from_text
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.simulation.documents.letters import signer_of

KIND = "bao-cao"
FILE = "Bao-cao-ket-qua.pdf"


def report(task: Task, officer: Officer, body: str, at: datetime) -> Upload:
    node = tree()[task.organisation_id]
    said = Contents(
        kind=KIND,
        issuer=node.name,
        place=tree().agency_of(node).place.removeprefix("thành phố ").removeprefix("tỉnh "),
        dated=clock.local(at).date(),
        abstract=f"Kết quả thực hiện nhiệm vụ số {task.directive.code}",
        body=from_text(f"{task.content or task.directive.content}\n{body}"),
        signer=signer_of(officer.acting.title, officer.name),
        recipients=("Nơi giao nhiệm vụ",),
    )
    return Upload(FILE, lay_out(said, at=at).pdf)
