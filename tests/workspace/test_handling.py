"""The whole handling of a dossier, as officers do it on the pages."""

import pytest

from lienthong.cases import services
from lienthong.cases.models import Paper
from lienthong.cases.rules import Status
from tests import cast
from tests.cases import dossiers
from tests.workspace.conftest import a_pdf, address, desk, do, kinds, messages_on, page, text

pytestmark = pytest.mark.django_db

RESULT = {"result-giay-phep-xay-dung.design_title": "Hồ sơ thiết kế KT-01"}


def test_from_the_inbox_of_the_clerk_to_the_result_in_the_hands_of_the_applicant():
    dossier = dossiers.submitted()
    inbox = text(desk(cast.CLERK).get(page("inbox")))
    assert page("dossier", dossier.pk) in inbox and "Kiểm tra và tiếp nhận hồ sơ" in inbox

    done = do(cast.CLERK, dossier, "tiep-nhan", "tiep-nhan", reason="Bản vẽ rõ.")
    said = messages_on(done)
    assert "Đã xong: Tiếp nhận hồ sơ." in said
    assert "Bước tiếp theo: Phân công xử lý, Phòng Quản lý đô thị thành phố Gia Nghĩa, hạn 03/03/2025" in said
    dossier.refresh_from_db()
    assert dossier.code in text(done)

    shown = text(desk(cast.HEAD).get(page("dossier", dossier.pk)))
    assert "Bản vẽ rõ." in shown
    chosen = desk(cast.HEAD).get(address(dossier, "phan-cong", "phan-cong"))
    handler = cast.actor(cast.HANDLER).acting.id
    assert f'value="{handler}"' in text(chosen) and "Trần Thị Mai" in text(chosen)
    do(cast.HEAD, dossier, "phan-cong", "phan-cong", post=handler)
    assert "Giao cho: Trần Thị Mai" in text(desk(cast.HEAD).get(page("dossier", dossier.pk)))

    done = do(cast.HANDLER, dossier, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu mặt cắt móng")
    assert "Tạm dừng tính hạn cho đến khi người nộp bổ sung." in messages_on(done)
    assert "Đang chờ người nộp" in text(done)
    services.supplement(
        dossier_id=dossier.pk,
        applicant=cast.actor(cast.AN),
        raw=dossiers.house(site__lot="Thửa 126"),
        note="Đã sửa số thửa.",
    )
    shown = text(desk(cast.HANDLER).get(page("dossier", dossier.pk)))
    assert "Đã sửa số thửa." in shown
    assert "<del>Thửa 125, tờ bản đồ số 14</del>" in shown and "<ins>Thửa 126</ins>" in shown

    do(cast.HANDLER, dossier, "tham-dinh", "lay-y-kien", reason="Nhà có kinh doanh, xin ý kiến.")
    do(cast.HANDLER, dossier, "tham-dinh", "chuyen-kiem-tra")
    assert "Nhà có kinh doanh, xin ý kiến." in text(desk(cast.FIRE_POLICE).get(page("dossier", dossier.pk)))
    done = do(
        cast.FIRE_POLICE,
        dossier,
        "y-kien-pccc",
        "co-y-kien",
        **{"asks.number": "12/PC07", "asks.opinion": "Thêm lối thoát nạn", "asks.paper": a_pdf()},
    )
    assert "Thêm lối thoát nạn" in text(done) and "tra-loi.pdf" in text(done)
    do(
        cast.HANDLER,
        dossier,
        "kiem-tra-thuc-dia",
        "phu-hop",
        **{"asks.visited_on": "03/03/2025", "asks.findings": "Đúng hồ sơ."},
    )
    do(cast.HANDLER, dossier, "du-thao", "du-thao", **RESULT)
    do(cast.HEAD, dossier, "kiem-tra-du-thao", "trinh-ky")
    to_sign = text(desk(cast.LEADER).get(address(dossier, "phe-duyet", "ky")))
    draft = Paper.objects.get(dossier=dossier, kind="result")
    assert f'<iframe src="{page("paper", dossier.pk, draft.pk)}#' in to_sign and "không hoàn tác được" in to_sign
    done = do(cast.LEADER, dossier, "phe-duyet", "ky")
    assert "đang ký" in text(done)
    dossier.refresh_from_db()
    dossiers.sign(dossier)
    assert "đang ký" not in text(desk(cast.CLERK).get(page("dossier", dossier.pk)))
    refused = do(cast.CLERK, dossier, "tra-ket-qua", "tra-ket-qua", name="Nguyễn Văn An", person_id="067185001234")
    assert (
        refused.status_code == 422 and 'href="#person_id"' in text(refused) and 'value="067185001234"' in text(refused)
    )
    done = do(cast.CLERK, dossier, "tra-ket-qua", "tra-ket-qua", name="Nguyễn Văn An", person_id="067085004127")
    assert "Hồ sơ đã kết thúc" in messages_on(done)
    dossier.refresh_from_db()
    assert dossier.status == Status.RETURNED
    assert kinds(dossier)[-2:] == ["cases.returned", "cases.result_taken"]
    assert dossier.taker.person_id == "067085004127" and dossier.taker.account == cast.account(cast.CLERK)
    assert "Không còn bước nào" in text(done)


def test_after_an_action_the_way_to_the_next_task_is_one_click():
    first, second = dossiers.submitted(), dossiers.submitted()
    done = do(cast.CLERK, first, "tiep-nhan", "tiep-nhan")
    assert f'Việc tiếp theo của bạn: <a href="{page("dossier", second.pk)}">' in messages_on(done)
    done = do(cast.CLERK, second, "tiep-nhan", "tiep-nhan")
    assert "Việc tiếp theo" not in messages_on(done)


def test_what_people_typed_is_never_taken_for_markup():
    dossier = dossiers.submitted(owner__full_name="An <script>alert(1)</script>")
    done = do(cast.CLERK, dossier, "tiep-nhan", "tiep-nhan", reason="<img src=x onerror=alert(2)>")
    other = dossiers.submitted()
    done = do(cast.CLERK, other, "tiep-nhan", "tiep-nhan")
    for answer in (done, desk(cast.HEAD).get(page("dossier", dossier.pk)), desk(cast.HEAD).get(page("inbox"))):
        assert "<script>alert" not in text(answer) and "<img src=x" not in text(answer)


def test_a_refusal_is_written_on_a_page_of_its_own_and_ends_the_dossier():
    dossier = dossiers.submitted()
    asked = text(desk(cast.CLERK).get(address(dossier, "tiep-nhan", "tu-choi")))
    assert "không mở lại được" in asked and "btn-danger" in asked
    done = do(cast.CLERK, dossier, "tiep-nhan", "tu-choi", reason="Không thuộc thẩm quyền")
    dossier.refresh_from_db()
    assert dossier.status == Status.REFUSED
    assert "Không thuộc thẩm quyền" in text(done)


def test_what_waits_for_a_consultation_is_said_and_not_offered():
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "lay-y-kien", reason="Hỏi")
    shown = text(desk(cast.HANDLER).get(page("dossier", dossier.pk)))
    assert "Lấy ý kiến Cảnh sát PCCC: Đang lấy ý kiến cơ quan này rồi." in shown
    assert address(dossier, "tham-dinh", "lay-y-kien") not in shown
    done = do(cast.HANDLER, dossier, "tham-dinh", "lay-y-kien", reason="Hỏi nữa")
    assert "Đang lấy ý kiến cơ quan này rồi." in messages_on(done)
    assert kinds(dossier).count("cases.consulted") == 1


def test_the_late_step_is_marked_with_how_late_it_was():
    from datetime import timedelta

    from lienthong.foundation import clock

    dossier = dossiers.received()
    with clock.at(cast.MONDAY + timedelta(days=2)):
        do(cast.HEAD, dossier, "phan-cong", "phan-cong", post=cast.actor(cast.HANDLER).acting.id)
        shown = text(desk(cast.HEAD).get(page("dossier", dossier.pk)))
    assert "Xong trễ" in shown


def test_a_result_by_post_takes_the_number_of_its_parcel():
    dossier = dossiers.approved(returned=dossiers.BY_POST)
    shown = text(desk(cast.CLERK).get(address(dossier, "tra-ket-qua", "tra-ket-qua")))
    assert "42 Lê Lợi" in shown and 'name="parcel"' in shown and 'name="person_id"' not in shown
    refused = do(cast.CLERK, dossier, "tra-ket-qua", "tra-ket-qua", parcel="<b>")
    assert refused.status_code == 422 and 'href="#parcel"' in text(refused)
    do(cast.CLERK, dossier, "tra-ket-qua", "tra-ket-qua", parcel="eb 123 456 789 vn")
    dossier.refresh_from_db()
    assert (dossier.status, dossier.parcel) == (Status.RETURNED, "EB123456789VN")
    assert "EB123456789VN" in text(desk(cast.CLERK).get(page("dossier", dossier.pk)))


def test_a_parcel_may_have_no_number():
    dossier = dossiers.approved(returned=dossiers.BY_POST)
    do(cast.CLERK, dossier, "tra-ket-qua", "tra-ket-qua")
    dossier.refresh_from_db()
    assert (dossier.status, dossier.parcel) == (Status.RETURNED, "")


def test_the_clerk_withdraws_it_for_who_stands_there():
    dossier = dossiers.received()
    shown = text(desk(cast.CLERK).get(page("dossier", dossier.pk)))
    withdraw = page("deed", dossier.pk, "rut-ho-so", 0)
    assert withdraw in shown
    assert withdraw not in text(desk(cast.HEAD).get(page("dossier", dossier.pk)))
    assert "không mở lại được" in text(desk(cast.CLERK).get(withdraw))
    assert desk(cast.CLERK).post(withdraw, {"reason": ""}).status_code == 422
    desk(cast.HEAD).post(withdraw, {"reason": "Đổi ý"})
    dossier.refresh_from_db()
    assert dossier.status == Status.RECEIVED
    desk(cast.CLERK).post(withdraw, {"reason": "Gia đình đổi ý"})
    dossier.refresh_from_db()
    assert dossier.status == Status.WITHDRAWN
