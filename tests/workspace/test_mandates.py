"""A clerk compares what people say of acting for others with their papers."""

import pytest

from lienthong.foundation.ledger.queries import timeline
from tests import cast
from tests.cases.mandates import QUAN, between
from tests.cases.test_representing import submitted
from tests.identity import roles
from tests.identity.test_mandates import NEW, claimed
from tests.workspace.conftest import desk, page, text

pytestmark = pytest.mark.django_db


def test_the_code_leads_to_what_was_said_and_looking_is_on_record():
    mandate = claimed(represented=NEW)
    answer = desk(cast.CLERK).get(page("mandates"), {"ma": f"{mandate.code[:5]} {mandate.code[5:]}"}, follow=True)
    assert NEW.name in text(answer) and "Trần Thị Bích" in text(answer)
    assert [entry.kind for entry in timeline(("mandate", mandate.pk))][-1] == "identity.mandate_seen"


def test_a_clerk_confirms_and_it_counts():
    mandate = claimed(represented=NEW)
    desk(cast.CLERK).post(page("mandate_check", mandate.code), {"lam": "check"})
    mandate.refresh_from_db()
    assert mandate.state == "checked"


def test_refusing_needs_a_reason():
    mandate, clerk = claimed(represented=NEW), desk(cast.CLERK)
    answer = clerk.post(page("mandate_check", mandate.code), {"lam": "refuse", "reason": ""})
    assert answer.status_code == 422 and 'href="#reason"' in text(answer)
    clerk.post(page("mandate_check", mandate.code), {"lam": "refuse", "reason": "Sai tên."})
    mandate.refresh_from_db()
    assert (mandate.state, mandate.reason) == ("revoked", "Sai tên.")


@pytest.mark.parametrize("code", ["2222222222", "x", "00000000000000000000000"])
def test_an_unknown_code_says_so(code: str):
    answer = desk(cast.CLERK).get(page("mandate_check", code))
    assert answer.status_code == 404 and "Không có ủy quyền nào" in text(answer)


def test_only_clerks_come_in():
    mandate = claimed(represented=NEW)
    assert roles.who_may(page("mandates")) == {"one-stop-clerk"}
    assert roles.who_may(page("mandate_check", mandate.code)) == {"one-stop-clerk"}


def test_the_dossier_says_who_handed_it_in_for_whom():
    dossier = submitted(between())
    shown = text(desk(cast.CLERK).get(page("dossier", dossier.pk)))
    assert "Người nộp thay" in shown and "Trần Thị Bích" in shown and "Đã xác nhận trực tuyến" in shown
    assert desk(QUAN).get(page("dossier", dossier.pk)).status_code in (403, 404)
