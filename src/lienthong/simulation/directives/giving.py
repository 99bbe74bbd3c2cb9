"""The leaders give, themselves or by their office: from a document that came in, after a meeting, or directly."""

from datetime import timedelta

from lienthong.directives import policy, services
from lienthong.directives.models import Directive
from lienthong.directives.services import MEETING, Source
from lienthong.documents.models import Arrival
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations import parts
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.simulation.chance import dice
from lienthong.simulation.directives import orders
from lienthong.simulation.directives.orders import Order
from lienthong.simulation.documents import letters
from lienthong.simulation.documents.company import Company
from lienthong.simulation.documents.offices import Office, committees, is_of_cast
from lienthong.work.subjects import SUBJECTS

FROM_DOCUMENT = 4
"""Of so many directives one follows from a document that came in, where there is one."""
BY_OFFICE, BY_DEPUTY, AFTER_MEETING, TOLD = 0.5, 0.3, 0.4, 0.3
"""How often the office writes it down, a deputy gives it, it comes from a meeting, others are to know of it."""


class Giving:
    """The leaders of the agencies that have others below them, on one day."""

    def __init__(self, company: Company) -> None:
        self.company = company

    def give(self, order: Order) -> None:
        rng = dice(self.company.scenario.seed, "gives", order.number)
        office = self._office(order)
        if office is None:
            return
        leader = office.leaders[-1 if rng.random() < BY_DEPUTY else 0]
        officer = self.company.holder(office.clerk.id if rng.random() < BY_OFFICE else leader.id)
        officer = officer or self.company.holder(office.clerk.id)
        manned, cited = self._manned(office.agency), self._document(order, office)
        lead = self._lead(order, manned, cited)
        if officer is None or lead is None:
            self.company.done["nobody to give or to lead"] += 1
            return
        helps = [node for part in order.said.get("helps", ()) for node in _called(manned, part)[:1] if node != lead]
        others = [node for node in manned if node not in (lead, *helps)]
        after_meeting = rng.random() < AFTER_MEETING
        content, product = self._words(order, cited)
        try:
            services.give(
                agency_id=office.agency.id,
                order=services.Order(
                    content=content,
                    product=product,
                    lead=lead.id,
                    giver=leader.id,
                    due_at=self.company.day.calendar.closing(order.due) if order.due else None,
                    cooperate=[node.id for node in helps],
                    know=[node.id for node in rng.sample(others, 1)] if others and rng.random() < TOLD else [],
                    source=cited or (self._meeting(order) if after_meeting else Source()),
                ),
                officer=officer,
                key=self.company.key("directive", order.number),
            )
            self.company.done["given"] += 1
        except DomainError as refused:
            self.company.done[refused.code] += 1

    def _office(self, order: Order) -> Office | None:
        """The province's own, or one of the others."""
        giving = committees(self.company.offices)
        fitting = [each for each in giving if (each.agency.parent_id is None) == order.is_of_province] or giving
        return fitting[order.number % len(fitting)] if fitting else None

    def _manned(self, agency: Node) -> list[Node]:
        """Those below that take part in the simulation, or in which somebody of the cast leads."""
        here = {node.id for office in self.company.offices for node in (office.agency, *(u.node for u in office.units))}
        leading = {node: self._leaders(node) for node in policy.receivers_of(agency)}
        held = holders_of([post.id for found in leading.values() for post in found], self.company.day.date)
        return [
            node
            for node, found in leading.items()
            if any(held.get(post.id) for post in found) and (node.id in here or any(map(is_of_cast, found)))
        ]

    def _leaders(self, node: Node) -> list[PostNode]:
        return tree().posts_in(node.id, parts.led_by(node) or "", self.company.day.date)

    @staticmethod
    def _lead(order: Order, manned: list[Node], cited: Source | None) -> Node | None:
        """Whose business it is."""
        business = letters.unit_of(cited.title) if cited else ""
        fitting = (business and _called(manned, business)) or _called(manned, order.said["lead"]) or manned
        return fitting[0] if fitting else None

    def _words(self, order: Order, cited: Source | None) -> tuple[str, str]:
        """What is to be done, and what is to come of it."""
        if cited is None:
            return order.said["content"], order.said["product"]
        rng = dice(self.company.scenario.seed, "follows", order.number)
        abstract = cited.title.removeprefix("Về việc ")
        return orders.words("follows", rng).format(abstract=abstract), orders.words("follows_product", rng)

    # where it was said

    def _document(self, order: Order, office: Office) -> Source | None:
        """The last document of the days before of which nobody gave anything yet, for one directive in some."""
        if order.number % FROM_DOCUMENT != 1:
            return None
        before = clock.day_start(self.company.day.date)
        came = Arrival.objects.filter(
            organisation_id=office.agency.id, arrived_at__lt=before, number__isnull=False,
            ).order_by("-arrived_at")  # fmt: skip
        used = Directive.objects.filter(source_type=DOCUMENT).values("source_id")
        found = came.exclude(pk__in=used).values_list("pk", flat=True).first()
        if found is None:
            return None
        facts = SUBJECTS[DOCUMENT].facts([found])[found]
        return Source(DOCUMENT, found, facts.code, facts.dated, facts.title)

    def _meeting(self, order: Order) -> Source:
        rng = dice(self.company.scenario.seed, "meeting", order.number)
        monday = self.company.day.date - timedelta(days=self.company.day.date.weekday())
        return Source(type=MEETING, dated=monday, title=orders.words("meetings", rng))


def _called(nodes: list[Node], part: str) -> list[Node]:
    """Those with that in their keys, first those whose key ends so: a ward before the police of the ward."""
    return sorted((node for node in nodes if part in node.key), key=lambda node: not node.key.endswith(part))
