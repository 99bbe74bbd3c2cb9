"""A new version of a procedure is published while somebody writes an application under the former one."""

import re
from datetime import timedelta
from shutil import copytree

import pytest

from lienthong.cases import services
from lienthong.cases.models import Dossier, Draft
from lienthong.foundation import clock
from lienthong.foundation.definitions import services as definitions
from lienthong.procedures.definition import PROCEDURE
from tests import cast
from tests.cases import dossiers
from tests.portal.conftest import an, complete, monday, nobody_has_tried_yet, page  # noqa: F401

pytestmark = pytest.mark.django_db

NOTICE = "Thủ tục đã thay đổi từ khi bạn bắt đầu"


@pytest.fixture
def publish(tmp_path):
    """Publish the building permit with one more question that must be answered, in force from today."""

    def publish() -> None:
        folder = tmp_path / "province"
        copytree(cast.SOURCE / "provinces" / "dak_nong", folder)
        path = folder / "procedures" / f"{dossiers.PERMIT}.yaml"
        source = path.read_text(encoding="utf-8")
        asked = "form:\n  - {key: wells, type: text, label: Giếng nước gần nhà, required: true}\n"
        assert source.count("\nform:\n") == 1
        changed = source.replace("\nform:\n", f"\n{asked}")
        earlier = re.compile(r"^effective_from:.*$", re.MULTILINE)
        path.write_text(earlier.sub(f"effective_from: {clock.today():%Y-%m-%d}", changed, count=1), "utf-8")
        plan = definitions.plan([cast.library(), folder])
        assert not plan.problems, "\n".join(map(str, plan.problems))
        definitions.apply(plan)

    return publish


def test_the_application_stays_under_the_version_it_was_begun_with_and_the_applicant_is_told(an, publish):  # noqa: F811
    draft = complete()
    assert NOTICE not in an.get(page("review", draft.key)).content.decode()
    publish()
    shown = an.get(page("review", draft.key)).content.decode()
    assert NOTICE in shown and page("begin", dossiers.PERMIT) in shown and "Giếng nước" not in shown
    an.post(page("review", draft.key), {"cam-doan": "1"})
    dossier = Dossier.objects.get()
    assert dossier.procedure_id == draft.procedure_id != PROCEDURE.current(dossiers.PERMIT).id


def test_beginning_again_is_under_the_new_version_though_an_untouched_draft_is_there(an, publish):  # noqa: F811
    an.post(page("begin", dossiers.PERMIT))
    publish()
    an.post(page("begin", dossiers.PERMIT))
    newest = PROCEDURE.current(dossiers.PERMIT).id
    assert set(Draft.objects.values_list("procedure_id", flat=True)) > {newest}


def test_what_runs_is_carried_through_under_its_own_version(publish):
    dossier = dossiers.in_hand()
    publish()
    with clock.at(cast.MONDAY + timedelta(hours=2)):
        visit = dossiers.visit(dossier, "tham-dinh")
        offered = {action.key for action in services.offered(dossier, visit)}
        dossier = dossiers.act(dossier, cast.HANDLER, "tham-dinh", "chuyen-kiem-tra")
    assert "chuyen-kiem-tra" in offered and "wells" not in dossier.data
    assert dossier.procedure_id != PROCEDURE.current(dossiers.PERMIT).id
