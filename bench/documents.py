"""Documents of years: the register and the inbox as people with many posts see them, registering, sending to a hundred.

The documents are made in the database, spread over all agencies that have a document clerk; each went to the leader of
its agency and on to a unit.
"""

import json
import os
from collections.abc import Callable
from datetime import date, datetime
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import Row, finding, pages, world
from bench.registers import p95
from lienthong.documents import policy, queries, services
from lienthong.documents.models import Arrival
from lienthong.documents.papers import lay_out
from lienthong.documents.queries.incoming import Filters
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.sending import Recipient
from lienthong.documents.services import NewDocument, NewIssue, Receiving, Upload
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import by_key, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import HeldPost, Officer
from lienthong.signing.rules import Seal
from lienthong.signing.services import sign_pdf
from lienthong.work import queries as inbox
from tests.documents.sample import AT, LETTER
from tests.foundation.files import samples

MANY = int(os.environ.get("LT_BENCH_DOCUMENTS", "1000000"))
CLERK, AGENCY = "thu.vanthu", "thanh-pho-gia-nghia"
PROVINCE_CLERK, PROVINCE = "vanthu.tinh", "ubnd-tinh"
RECIPIENTS, TURNS, SHEETS = 100, 10, 50
SEARCH_GOAL, ISSUE_GOAL, PAGE_GOAL, STATEMENTS_GOAL = 50.0, 300.0, 60.0, 12
INBOX_GOAL, ARRIVAL_GOAL = 40.0, 2000.0

SEAL_GOAL = 40.0
SEAL = Seal(organisation="Ủy ban nhân dân tỉnh Đắk Nông", organisation_identifier="H16")

WORDS = ("quy hoach", "giai ngan von", "phong chay", "bao cao quy", "125/bc", "khu dan cu")

_DOCUMENTS = """
    INSERT INTO documents_document (number, symbol, compared, dated, kind, abstract, issuer_name, signer_name,
        signer_position, urgency, circulation, signature)
    SELECT n %% 900 + 1, (ARRAY['BC-UBND', 'SXD-QH', 'QĐ-UBND', 'STC-NS'])[1 + n %% 4], n, %(today)s::date - n %% 3650,
           'cong-van', 'Về việc ' || (ARRAY['rà soát', 'báo cáo', 'đẩy nhanh', 'triển khai', 'kiểm tra'])[1 + n %% 5]
           || ' ' || (ARRAY['quy hoạch chi tiết', 'giải ngân vốn đầu tư', 'công tác phòng cháy', 'thu ngân sách',
           'cải cách hành chính', 'an toàn thực phẩm', 'khu dân cư'])[1 + n / 5 %% 7] || ' quý ' || 1 + n / 35 %% 4
           || ' năm ' || 2015 + n / 140 %% 11, 'Sở ' || (ARRAY['Xây dựng', 'Tài chính', 'Y tế', 'Nội vụ'])[1 + n %% 4],
           'Nguyễn Văn ' || chr(65 + n %% 20), 'Giám đốc', 0, '', 'none'
      FROM generate_series(1, %(many)s::int) n"""
_ARRIVALS = """
    INSERT INTO documents_arrival (key, document_id, organisation_id, way, arrived_at, arrived_on, book, year, number,
        registered_at, registered_by_id, status, finished_at, answer, remark, refusal)
    SELECT gen_random_uuid(), id, (%(agencies)s::bigint[])[1 + id %% cardinality(%(agencies)s::bigint[])], 'paper',
           dated, dated, 'van-ban-den', extract(year FROM dated), id + 10000000, dated, %(account)s, 6, dated,
           '', '', ''
      FROM documents_document"""
_TASKS = """
    INSERT INTO documents_task (arrival_id, part, organisation_id, role, opened_at, seen_at, done_at, outcome)
    SELECT id, 'lead', (%(desks)s::jsonb -> organisation_id::text ->> %(step)s)::bigint, %(role)s, arrived_at,
           arrived_at, arrived_at, 'reported'
      FROM documents_arrival
     WHERE %(desks)s::jsonb -> organisation_id::text ->> %(step)s IS NOT NULL"""


def run() -> list[Row]:
    filled = _fill(MANY)
    clerk, many_posts = world.officer(CLERK), world.officer(world.THIRTY)
    rows: list[Row] = [("documents made by INSERT … SELECT, with indexes", filled, "/s", None)]
    for who, officer in (("its clerk", clerk), ("thirty posts", many_posts)):
        asked: dict[str, Callable[[int], Filters]] = {
            "newest": lambda n: Filters(),
            "words without accents": lambda n: Filters(text=WORDS[n % len(WORDS)]),
        }
        rows += [
            (
                f"register, {name}, {who}: p95",
                p95(lambda n, o=officer, f=filters: queries.listing(o, f(n))),  # type: ignore[misc]
                "ms",
                SEARCH_GOAL,
            )
            for name, filters in asked.items()
        ]
    rows += finding.rows(
        {"its clerk": clerk, "thirty posts": many_posts, "the province's clerk": world.officer(PROVINCE_CLERK)}
    )
    rows += [*_registering(clerk), *_issuing(world.officer(PROVINCE_CLERK))]
    return [*rows, *_arriving(world.officer(PROVINCE_CLERK)), *_inboxes(), *_laying_out()]


def _fill(many: int) -> float:
    """How many a second."""
    agencies = policy.can_be_sent_to()
    desks = {
        str(node.id): [node.id, next((unit.id for unit in policy.units_of(node)[1:] if unit.kind == "division"), None)]
        for node in agencies
    }
    given: dict[str, Any] = {
        "many": many,
        "today": clock.today(),
        "agencies": [node.id for node in agencies],
        "account": world.officer(CLERK).account_id,
        "desks": json.dumps(desks),
    }
    began = perf_counter()
    with connection.cursor() as cursor:
        finding.switch_triggers(on=False)
        cursor.execute(_DOCUMENTS, given)
        cursor.execute(_ARRIVALS, given)
        for step, role in enumerate((policy.LEADER, policy.HEAD)):
            cursor.execute(_TASKS, {**given, "step": step, "role": role})
        seconds = perf_counter() - began
        finding.attach_files()
        finding.switch_triggers(on=True)
        finding.make_lines()
        cursor.execute("VACUUM (ANALYZE)")
    return many / seconds


def _registering(clerk: Officer) -> list[Row]:
    agency = by_key(AGENCY)
    to = policy.presented_to(agency)[0].id

    def register(number: int) -> None:
        services.register(
            agency_id=agency.id,
            document=NewDocument(
                Mark(str(number + 1), "BC-STC"), clock.today(), "bao-cao", "Về việc giải ngân", "Sở Tài chính"
            ),
            officer=clerk,
            key=uuid4(),
            receiving=Receiving(present_to=to, words="Kính trình"),
        )

    took = p95(register)
    with CaptureQueriesContext(connection) as spent:
        register(10_000)
    bare = [each for each in spent if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    return [
        ("register and present an incoming document, call to commit: p95", took, "ms", None),
        ("   statements", len(bare), "", STATEMENTS_GOAL),
    ]


def _issuing(clerk: Officer) -> list[Row]:
    agency = by_key(PROVINCE)
    recipients = [Recipient(node.name, node.id) for node in policy.can_be_sent_to() if node.id != agency.id]
    pdf = samples.pdf_saying("Công văn của tỉnh")

    def issue(number: int) -> None:
        services.issue(
            agency_id=agency.id,
            new=NewIssue("UBND-KTTH", clock.today(), "cong-van", "Về việc giải ngân"),
            recipients=recipients[:RECIPIENTS],
            officer=clerk,
            key=uuid4(),
            uploads=[Upload("công văn.pdf", pdf)],
        )

    spent: list[float] = []

    def sealed(mark: Mark, dated: date, at: datetime) -> list[tuple[str, bytes]]:
        began = perf_counter()
        made = sign_pdf(pdf, signer=SEAL, reason="Phát hành văn bản", at=at)
        spent.append((perf_counter() - began) * 1000)
        return [("công văn.pdf", made)]

    def seal_and_issue(number: int) -> None:
        services.issue(
            agency_id=agency.id,
            new=NewIssue("UBND-KTTH", clock.today(), "cong-van", "Về việc giải ngân"),
            recipients=recipients[:1],
            officer=clerk,
            key=uuid4(),
            completed=sealed,
        )

    one = p95(seal_and_issue, TURNS)
    return [
        (f"issue a document to {RECIPIENTS} agencies, call to commit: p95", p95(issue, TURNS), "ms", ISSUE_GOAL),
        ("issue to one agency, the seal put on under the book's lock: p95", one, "ms", None),
        ("   of that the seal, while the next of the book waits: median", median(spent), "ms", SEAL_GOAL),
    ]


def _arriving(clerk: Officer) -> list[Row]:
    """The inboxes of all who got a document, asked one after another, every page of each. What lies in them was laid
    there in the transaction of the issue: no worker comes between."""
    agency, now = by_key(PROVINCE), clock.now()
    to = [node for node in policy.can_be_sent_to() if node.id != agency.id][:RECIPIENTS]
    clerks = [_clerk_of(node) for node in to]
    took: list[float] = []
    for _turn in range(TURNS):
        made = services.issue(
            agency_id=agency.id,
            new=NewIssue("UBND-KTTH", clock.today(), "cong-van", "Về việc giải ngân"),
            recipients=[Recipient(node.name, node.id) for node in to],
            officer=clerk,
            key=uuid4(),
            uploads=[Upload("công văn.pdf", samples.pdf_saying("Công văn của tỉnh"))],
        )
        began = perf_counter()
        arrived = set(Arrival.objects.filter(sending__issue=made).values_list("pk", flat=True))
        waiting = clerks
        while waiting:
            waiting = [each for each in waiting if not arrived & _in_the_inbox(each, now)]
        took.append((perf_counter() - began) * 1000)
    return [(f"after its commit until all {len(to)} inboxes have shown it: slowest", max(took), "ms", ARRIVAL_GOAL)]


def _clerk_of(agency: Node) -> Officer:
    """Whoever sits at the desk of its document clerks."""
    desk = policy.clerks_of(agency)
    assert desk
    post = tree().posts_in(*desk, clock.today())[0]
    held = HeldPost(post.id, post.title, tree()[desk[0]], frozenset(post.roles), frozenset())
    return Officer(0, agency.name, (held,), held)


def _in_the_inbox(clerk: Officer, now: datetime) -> set[int]:
    items = inbox.matching(clerk, inbox.Filters(), now=now, soon=now, most=MANY)
    return {item.subject_id for item in items if item.subject_type == DOCUMENT}


def _inboxes() -> list[Row]:
    """The page of the desk at the server, with what the benchmarks before have laid there."""
    rows: list[Row] = []
    for who, username in (("its clerk", CLERK), ("thirty posts", world.THIRTY)):
        client, now = pages.signed_in(username), clock.now()
        there = inbox.matching(world.officer(username), inbox.Filters(), now=now, soon=now, most=MANY)
        median_, slow, statements = pages.measure(lambda _turn, asks=client: asks.get(reverse("workspace:inbox")))  # type: ignore[misc]
        rows += [
            (f"inbox with {len(there)} items, {who}: median ({statements} queries)", median_, "ms", None),
            (f"inbox with {len(there)} items, {who}: p95", slow, "ms", INBOX_GOAL),
        ]
    return rows


def _laying_out() -> list[Row]:
    lay_out(LETTER, at=AT)
    return [
        (
            "a letter laid out by NĐ 30/2020, one page: p95",
            p95(lambda n: lay_out(LETTER, at=AT), SHEETS),
            "ms",
            PAGE_GOAL,
        )
    ]
