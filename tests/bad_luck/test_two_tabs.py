"""Two tabs, two clicks, a way back: one application becomes one dossier, and no tab undoes the other."""

import threading

import pytest
from django.db import connection

from lienthong.cases.models import Dossier, Draft
from tests import cast
from tests.cases import dossiers
from tests.portal.conftest import an, browser_of, complete, filled_in, monday, nobody_has_tried_yet, page  # noqa: F401


@pytest.mark.django_db
def test_two_tabs_on_two_pages_keep_each_what_they_ask(an):  # noqa: F811
    draft = filled_in()
    pages = {number: an.get(page("fill_in", draft.key, number)).content for number in (2, 3)}
    assert all(pages.values())
    an.post(page("fill_in", draft.key, 3), {"design.designer": "Công ty Bon Yôk"})
    an.post(page("fill_in", draft.key, 2), {**site(), "site.lot": "Thửa 77, tờ bản đồ số 9"})
    kept = Draft.objects.get(key=draft.key).data
    assert kept["design"]["designer"] == "Công ty Bon Yôk" and kept["site"]["lot"] == "Thửa 77, tờ bản đồ số 9"
    assert kept["owner"] == draft.data["owner"]


def site() -> dict[str, str]:
    answers = dossiers.HOUSE["site"]
    plain = {f"site.{key}": value for key, value in answers.items() if isinstance(value, str)}
    return {**plain, "site.location.unit": answers["location"]["unit"], "site.location.detail": "12 Trần Hưng Đạo"}


def test_a_double_click_on_handing_in_makes_one_dossier_and_both_answers_lead_to_it(committed):
    from lienthong.foundation import clock

    with clock.at(cast.MONDAY):
        draft = complete()
    together, answers = threading.Barrier(4), []

    def click() -> None:
        with clock.at(cast.MONDAY):
            browser = browser_of(cast.AN)
            together.wait(30)
            answers.append(browser.post(page("review", draft.key), {"cam-doan": "1"}))
        connection.close()

    clicks = [threading.Thread(target=click) for _click in range(4)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    dossier = Dossier.objects.get()
    assert len(answers) == 4 and not Draft.objects.exists()
    assert {answer["Location"] for answer in answers} <= {page("submitted", dossier.pk), page("dossier", dossier.pk)}
