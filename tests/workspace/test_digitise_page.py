"""The page on which papers become files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.cases import services
from lienthong.cases.models import Component, Digitised, Dossier
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.workspace.conftest import a_pdf, desk, messages_on, page, readings, text

pytestmark = pytest.mark.django_db
DRAWING = "ban-ve"


def send(dossier: Dossier, *files: SimpleUploadedFile, source: str = "original", by: str = cast.CLERK):
    there = page("digitise_add", dossier.pk, DRAWING)
    return desk(by).post(there, {"tep": list(files), "nguon": source}, follow=True)


def scan_of(dossier: Dossier) -> Component:
    return dossier.components.get(digitised__isnull=False)


def test_from_the_paper_to_the_signed_copy():
    dossier = dossiers.submitted()
    assert page("digitise", dossier.pk) in text(desk(cast.CLERK).get(page("dossier", dossier.pk)))
    answer = send(dossier, a_pdf("ban-ve.pdf"))
    assert "đối chiếu" in messages_on(answer) and "quét từ bản chính" in text(answer)
    scan = scan_of(dossier)
    client = desk(cast.CLERK)
    assert "Chưa có gì để ký" in messages_on(client.post(page("digitise_sign", dossier.pk), follow=True))
    client.post(page("check", dossier.pk, scan.pk), {"result": "good"})
    answer = client.post(page("digitise_sign", dossier.pk), follow=True)
    assert "Đã ký 1 bản sao điện tử" in messages_on(answer)
    copy = Digitised.objects.get().signed_copy
    assert page("file", dossier.pk, copy.pk) in text(answer)
    shown = client.get(page("file", dossier.pk, copy.pk))
    assert shown.status_code == 200 and b"".join(shown).startswith(b"%PDF")
    assert "Bản sao điện tử đã ký" in text(client.get(page("dossier", dossier.pk)))


def test_a_bad_file_is_told_beside_its_component_and_the_choice_is_kept():
    dossier = dossiers.submitted()
    answer = send(dossier, SimpleUploadedFile("la.jpg", b"nothing"), source="certified")
    assert answer.status_code == 422
    shown = text(answer)
    assert "la.jpg" in shown and f'id="nguon-{DRAWING}-certified" value="certified" checked' in shown
    assert send(dossier).status_code == 422, "no file at all"


def test_a_scan_is_deleted_after_a_question():
    dossier = dossiers.submitted()
    send(dossier, a_pdf())
    there = page("digitise_remove", dossier.pk, scan_of(dossier).pk)
    assert "không lấy lại được" in text(desk(cast.CLERK).get(page("digitise", dossier.pk)))
    assert desk(cast.CLERK).get(there).status_code == 405
    desk(cast.CLERK).post(there)
    assert not Digitised.objects.exists()


def test_strangers_and_those_who_come_too_late_change_nothing():
    dossier = dossiers.submitted()
    assert send(dossier, a_pdf(), by=cast.HANDLER).status_code in (403, 404)
    assert desk(cast.HANDLER).post(page("digitise_sign", dossier.pk)).status_code in (403, 404)
    assert send(dossier, a_pdf(), source="nonsense").status_code == 404
    assert desk(cast.CLERK).post(page("digitise_add", dossier.pk, "khong-co"), {"nguon": "original"}).status_code == 404
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
    assert send(dossier, a_pdf()).status_code == 403
    answer = desk(cast.CLERK).get(page("digitise", dossier.pk), follow=True)
    assert answer.redirect_chain and page("digitise", dossier.pk) not in text(answer)
    assert not Digitised.objects.exists()


def test_opening_the_page_is_on_record():
    dossier = dossiers.submitted()
    desk(cast.CLERK).get(page("digitise", dossier.pk))
    assert len(readings(dossier)) == 1


def test_the_pages_make_a_fixed_number_of_queries():
    dossier = dossiers.submitted()
    send(dossier, a_pdf())
    client = desk(cast.CLERK)
    places = [page("digitise", dossier.pk), page("dossier", dossier.pk)]
    few = [queries_of(lambda there=there: client.get(there)) for there in places]
    for number in range(3):
        from tests.cases.test_digitising import picture

        send(dossier, SimpleUploadedFile(f"{number}.jpg", picture(colour=f"#00{number}")))
    assert dossier.components.filter(digitised__isnull=False).count() == 4
    assert [queries_of(lambda there=there: client.get(there)) for there in places] == few


def test_what_was_scanned_is_good_or_wrong_like_every_file():
    dossier = dossiers.submitted()
    send(dossier, a_pdf())
    officer = cast.actor(cast.CLERK)
    wrong = services.check_component(
        dossier_id=dossier.pk, component_id=scan_of(dossier).pk, result=Component.Check.WRONG, officer=officer
    )
    assert wrong.check_result == "wrong"
    desk(cast.CLERK).post(page("digitise_sign", dossier.pk))
    assert not Digitised.objects.filter(signed_copy__isnull=False).exists()
