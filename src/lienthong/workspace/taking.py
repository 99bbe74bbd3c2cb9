"""Who takes a result, as it is asked at the counter and on the page of a dossier: one set of fields for both."""

from lienthong.cases.models import Dossier, Taker
from lienthong.cases.rules.counter import LONGEST, read_card
from lienthong.cases.services.taking import Taking
from lienthong.foundation import asked
from lienthong.identity.policy import OfficerRequest


def asked_of(request: OfficerRequest, dossier: Dossier) -> Taking:
    """What was typed or scanned; before anything was sent, the applicant by name."""
    if request.method != "POST":
        return Taking(dossier.applicant_name, "", Taker.Capacity.OWN)  # the number is read off the card, not believed
    given = request.POST
    card = read_card(given.get("person_id", "")[:LONGEST])
    mandated = given.get("capacity", "") == Taker.Capacity.MANDATE.value
    return Taking(
        name=card.get("name") or asked.words(given, "name", 200),
        person_id=card.get("person_id") or asked.words(given, "person_id", 30),
        capacity=Taker.Capacity.MANDATE if mandated else Taker.Capacity.OWN,
        mandate=asked.words(given, "mandate", 300),
    )
