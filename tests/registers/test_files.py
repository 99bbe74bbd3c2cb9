"""Files in entries: uploaded first, named by an entry, kept with every state that had them, given to who may read."""

import json
from datetime import timedelta
from functools import partial
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from lienthong.foundation import clock
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.files.errors import WrongKind
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import timeline
from lienthong.registers import queries, services
from lienthong.registers.attaching import services as attaching
from lienthong.registers.attaching.models import EntryFile
from lienthong.registers.attaching.services import NoSuchFileField
from lienthong.registers.exporting import services as exports
from lienthong.registers.proposals import deciding, proposing
from lienthong.simulation import invariants
from tests import cast
from tests.registers import importing
from tests.registers.conftest import CU_JUT, DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.test_pages import FORM, at, on_form
from tests.workspace.conftest import desk, text

pytestmark = pytest.mark.django_db

WITH_FILES = DECLARED.replace(
    "  - key: hang_muc\n",
    "  - {key: quyet_dinh, type: file, label: Bản quyết định}\n"
    "  - {key: can_cuoc, type: file, label: Bản chụp căn cước, accept: [image], personal: true}\n"
    "  - key: hang_muc\n",
).replace(
    "      - {key: muc_dien_tich,",
    "      - {key: anh, type: file, label: Ảnh hạng mục, accept: [image]}\n      - {key: muc_dien_tich,",
)
HERE = f"/api/v1/registers/{KEY}"


@pytest.fixture
def handler():
    return officer_of("case-handler", GIA_NGHIA)


@pytest.fixture(autouse=True)
def declared(db):
    publish(WITH_FILES)


def picture(colour="#b5342d"):
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


def uploaded(officer, *, field="quyet_dinh", name="quyet-dinh.jpg", colour="#b5342d"):
    """The id under which an entry can name it."""
    policy = attaching.policy_for(KEY, field, officer)
    content = BytesIO(picture(colour))
    return str(attaching.upload(register=KEY, source=content, name=name, policy=policy, officer=officer).pk)


def entered(officer, **other):
    return services.enter(register=KEY, raw=permit(**other), officer=officer)


def test_what_was_uploaded_belongs_to_the_entry_that_names_it(handler):
    scan, photo = uploaded(handler), uploaded(handler, field="hang_muc.anh", name="nha.jpg", colour="#123456")
    rows = [{"ten_hang_muc": "Nhà chính", "anh": {"id": photo}, "muc_dien_tich": 100}]
    entry = entered(handler, quyet_dinh={"id": scan}, hang_muc=rows)
    assert entry.values["quyet_dinh"].name == "quyet-dinh.jpg"
    held = EntryFile.objects.order_by("field").values_list("entry_id", "field", "file_id")
    assert list(held) == [(entry.id, "hang_muc", int(photo)), (entry.id, "quyet_dinh", int(scan))]
    for id in (scan, photo):
        found = services.read_file(register=KEY, entry_id=entry.id, file_id=int(id), officer=handler)
        assert found.pk == int(id)


def test_only_who_may_read_the_field_gets_its_file(handler):
    entry = entered(handler, quyet_dinh={"id": (scan := uploaded(handler))})
    read = partial(services.read_file, register=KEY, entry_id=entry.id, file_id=int(scan))
    assert read(officer=officer_of("agency-leader", GIA_NGHIA)).pk == int(scan)
    other = entered(handler, so="16/GPXD")
    for refused in (
        partial(read, officer=officer_of("auditor", GIA_NGHIA)),  # reads the entry, and not this field
        partial(read, officer=officer_of("case-handler", CU_JUT)),
        partial(read, officer=handler, entry_id=other.id),
        partial(read, officer=handler, file_id=10**17),
    ):
        with pytest.raises(queries.NoSuchEntry):
            refused()


def test_nobody_names_a_file_that_they_did_not_upload_for_this_register(handler):
    from lienthong.identity.actors import Officer

    scan = uploaded(handler)
    stranger = Officer(cast.account(cast.OTHER_HANDLER).pk, "Tuấn", handler.posts, handler.acting)
    elsewhere = StoredFile.objects.get(pk=int(scan))
    elsewhere.pk, elsewhere._state.adding = None, True
    elsewhere.save()  # the officer's own, of a dossier perhaps
    for officer, id in ((stranger, scan), (handler, str(elsewhere.pk)), (handler, "0"), (handler, "9" * 30)):
        with pytest.raises(NotAccepted) as refused:
            entered(officer, quyet_dinh={"id": id})
        assert list(refused.value.errors) == ["quyet_dinh"]
    assert entered(handler, quyet_dinh={"id": scan})


def test_an_entry_that_names_a_file_twice_or_is_sent_twice_holds_it_once(handler):
    scan, asked = uploaded(handler), uuid4()
    raw = permit(quyet_dinh={"id": scan})
    first, again = (services.enter(register=KEY, raw=raw, officer=handler, request=asked) for _ in range(2))
    assert first == again
    services.correct(register=KEY, entry_id=first.id, revision=1, raw={"so_tang": 3}, officer=handler, reason="Nhầm")
    assert EntryFile.objects.values_list("entry_id", "file_id").get() == (first.id, int(scan))


def test_a_former_state_keeps_its_file_and_a_file_of_the_same_name_is_a_change(handler):
    with clock.at(clock.now() - timedelta(days=30)):
        entry = entered(handler, quyet_dinh={"id": (old := uploaded(handler))})
    new = uploaded(handler, colour="#00aa00")
    services.change(
        register=KEY, entry_id=entry.id, revision=1, raw={"quyet_dinh": {"id": new}}, officer=handler, reason="Ký lại"
    )
    officer = desk(cast.HANDLER)
    then = (clock.today() - timedelta(days=3)).isoformat()
    card, past = officer.get(at("card", entry.id)), officer.get(at("card", entry.id) + f"?ngay={then}")
    assert [each.after for each in card.context["history"][0].changes] == ["quyet-dinh.jpg"]
    here, there = at("file", entry.id, int(new)), at("file", entry.id, int(old))
    assert f'<img src="{here}"' in text(card) and f'<img src="{there}"' in text(past)
    assert f'href="{there}"' in text(card), "what it was before is to be had from its history"
    for address, colour in ((here, "#00aa00"), (there, "#b5342d")):
        answer = officer.get(address + "?tai=1")
        assert b"".join(answer.streaming_content) == picture(colour)
        assert "attachment" in answer["Content-Disposition"]
    assert officer.get(here)["Content-Disposition"].startswith("inline")
    assert desk(cast.TWO_AGENCIES).get(here).status_code == 404


def test_a_personal_file_is_read_for_a_purpose_and_that_is_on_record(handler):
    id = uploaded(handler, field="can_cuoc", name="cccd.jpg")
    entry = entered(handler, can_cuoc={"id": id})
    officer, address = desk(cast.HANDLER), at("file", entry.id, int(id))
    asked = officer.get(address)
    assert asked.status_code == 302 and asked.url.startswith(at("purpose"))
    assert officer.post(at("purpose"), {"viec": "cap-nhat", "ve": address}).url == address
    assert officer.get(address).status_code == 200
    (reading,) = timeline((f"register-read.{KEY}", entry.id))
    assert reading.data["file"] == int(id)
    assert "cccd.jpg" not in text(officer.get(at("listing") + "?cot=so&cot=can_cuoc"))
    assert "<img" not in text(officer.get(at("card", entry.id))).split("registers-said")[1].split("</div>")[0]


def test_a_file_is_attached_on_the_form_and_stays_while_the_rest_is_mended():
    officer = desk(cast.HANDLER)
    blank = on_form(officer.get(at("enter")))
    scan = SimpleUploadedFile("quyết định.jpg", picture(), "image/jpeg")
    wrong = officer.post(at("enter"), {**blank, **FORM, "so_tang": "nhiều", "quyet_dinh": scan})
    assert wrong.status_code == 422 and "quyết định.jpg" in text(wrong)
    made = officer.post(at("enter"), on_form(wrong, **FORM), follow=True)
    assert "quyết định.jpg" in text(made), made.redirect_chain
    assert EntryFile.objects.get().entry_id == made.context["entry"].id
    bad = SimpleUploadedFile("ma.exe", b"MZ" + b"0" * 200)
    refused = officer.post(at("enter"), {**blank, **FORM, "so": "22/GPXD", "quyet_dinh": bad})
    assert refused.status_code == 422 and "ma.exe" in text(refused)
    assert EntryFile.objects.count() == 1


def test_a_file_can_be_taken_off_again(handler):
    entry = entered(handler, quyet_dinh={"id": (scan := uploaded(handler))})
    officer, address = desk(cast.HANDLER), at("edit", entry.id, "thay-doi")
    opened = officer.get(address)
    assert f'value="{scan}"' in text(opened)
    without = {**on_form(opened, **FORM), "so": "15/GPXD", "quyet_dinh.id": ""}
    assert officer.post(address, without).status_code == 302
    now = officer.get(at("card", entry.id)).context["entry"]
    assert now.values["quyet_dinh"] is None
    assert services.read_file(register=KEY, entry_id=entry.id, file_id=int(scan), officer=handler), "the past has it"


def test_what_no_entry_names_is_forgotten_after_a_day(handler):
    kept, lost = uploaded(handler), uploaded(handler, colour="#777777")
    entered(handler, quyet_dinh={"id": kept})
    assert attaching.forget_waiting() == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert attaching.forget_waiting() == 1 and attaching.forget_waiting() == 0
    assert list(StoredFile.objects.filter(pk__in=[kept, lost]).values_list("pk", flat=True)) == [int(kept)]
    with pytest.raises(NotAccepted):
        entered(handler, so="16/GPXD", quyet_dinh={"id": lost})


def test_a_file_that_a_proposal_names_waits_for_the_decision(handler):
    publish(WITH_FILES.replace("  - {role: auditor,", APPROVED + "  - {role: auditor,"))
    first, second = uploaded(handler), uploaded(handler, colour="#0000ff")
    asked = [
        proposing.propose(register=KEY, deed="enter", officer=handler, raw=permit(so=so, quyet_dinh={"id": id}))
        for so, id in (("1/GPXD", first), ("2/GPXD", second))
    ]
    with clock.at(clock.now() + timedelta(days=3)):
        assert attaching.forget_waiting() == 0
        proposing.withdraw(proposal_id=asked[1].pk, officer=handler)
        assert attaching.forget_waiting() == 1
        decided = deciding.approve(proposal_id=asked[0].pk, officer=cast.actor(cast.HEAD))
    assert EntryFile.objects.get().file_id == int(first) and decided.entry_id == EntryFile.objects.get().entry_id


APPROVED = "  - {role: head-of-unit, function: urban-management, may: [read, approve], where: own}\n"


def proposing_files(handler, **named):
    """A change that names files, sent by the handler; the head may approve it."""
    publish(WITH_FILES.replace("  - {role: auditor,", APPROVED + "  - {role: auditor,"))
    with clock.at(clock.now() - timedelta(days=30)):
        entry = entered(handler, quyet_dinh={"id": uploaded(handler, colour="#0000ff")})
    raw = {key: {"id": id} for key, id in named.items()}
    return entry, proposing.propose(
        register=KEY, deed="change", entry_id=entry.id, revision=1, officer=handler, raw=raw, reason="Ký lại"
    )


def of_proposal(proposal, file_id):
    return reverse("registers:proposal_file", args=[proposal.pk, file_id])


def test_who_decides_opens_what_is_attached_and_that_is_on_record(handler):
    scan = uploaded(handler)
    entry, proposal = proposing_files(handler, quyet_dinh=scan)
    here, before = of_proposal(proposal, scan), of_proposal(proposal, entry.values["quyet_dinh"].id)
    page = desk(cast.HEAD).get(reverse("registers:proposal", args=[proposal.pk]))
    assert f'href="{here}"' in text(page) and f'href="{before}"' in text(page)
    for who in (cast.HEAD, cast.HANDLER):
        assert b"".join(desk(who).get(here + "?tai=1").streaming_content) == picture()
    assert b"".join(desk(cast.HEAD).get(before + "?tai=1").streaming_content) == picture("#0000ff")
    opened = timeline(("register-proposal-read", proposal.pk))
    assert {each.kind for each in opened} == {"registers.proposal_file_opened"}
    assert [each.data["file"] for each in opened] == [int(scan), int(scan), int(entry.values["quyet_dinh"].id)]
    assert opened[0].account_id == cast.account(cast.HEAD).pk


def test_nobody_else_opens_it_and_no_other_file_is_had_that_way(handler):
    scan, other = uploaded(handler), uploaded(handler, colour="#999999")
    _entry, proposal = proposing_files(handler, quyet_dinh=scan)
    here = of_proposal(proposal, scan)
    colleague = desk(cast.OTHER_HANDLER)  # sees the proposal, and may not decide on it
    seen = colleague.get(reverse("registers:proposal", args=[proposal.pk]))
    assert "quyet-dinh.jpg" in text(seen) and here not in text(seen)
    for client in (colleague, desk(cast.TWO_AGENCIES), desk("quantri")):
        assert client.get(here).status_code == 404
    for forged in (of_proposal(proposal, other), of_proposal(proposal, 10**30), of_proposal(proposal, 0)):
        assert desk(cast.HEAD).get(forged).status_code == 404
    api = f"{HERE}/proposals/{proposal.pk}/files/"
    assert b"".join(desk(cast.HEAD).get(api + scan).streaming_content) == picture()
    assert desk(cast.HEAD).get(api + other).status_code == colleague.get(api + scan).status_code == 404
    assert len(timeline(("register-proposal-read", proposal.pk))) == 1


def test_a_personal_file_of_a_proposal_is_opened_for_a_purpose(handler):
    card = uploaded(handler, field="can_cuoc", name="cccd.jpg")
    entry, proposal = proposing_files(handler, can_cuoc=card)
    officer, address = desk(cast.HEAD), of_proposal(proposal, card)
    asked = officer.get(address)
    assert asked.status_code == 302 and asked.url.startswith(at("purpose"))
    assert not timeline((f"register-read.{KEY}", entry.id))
    assert officer.post(asked.url, {"viec": "cap-nhat", "ve": address}).url == address
    assert officer.get(address).status_code == 200
    (reading,) = timeline((f"register-read.{KEY}", entry.id))
    assert (reading.data["file"], reading.data["proposal"]) == (int(card), proposal.pk) and reading.data["purpose"]


def test_a_field_says_which_files_it_takes(handler):
    with pytest.raises(NoSuchFileField):
        attaching.policy_for(KEY, "so", handler)
    with pytest.raises(NoSuchFileField):
        attaching.policy_for(KEY, "hang_muc.0.anh", handler)
    policy = attaching.policy_for(KEY, "can_cuoc", handler)
    with pytest.raises(WrongKind):
        attaching.upload(register=KEY, source=BytesIO(b"%PDF-1.7\n"), name="a.pdf", policy=policy, officer=handler)
    scan = uploaded(handler, field="quyet_dinh")
    with pytest.raises(AssertionError, match="quyet_dinh"):
        publish(WITH_FILES.replace("public: [so,", "public: [so, quyet_dinh,"))
    assert scan


def test_an_import_leaves_files_as_they_are_and_an_export_names_them(handler):
    with clock.at(clock.now() - timedelta(days=60)):
        entry = entered(handler, so="1/GPXD", quyet_dinh={"id": (scan := uploaded(handler))})
    done = importing.whole(importing.xlsx([importing.line(1, tang=9)]), handler, existing="change")
    assert (done.changed, done.wrong) == (1, 0)
    now = services.read(register=KEY, entry_id=entry.id, officer=handler).entry
    assert now.values["so_tang"] == 9 and now.values["quyet_dinh"].id == scan
    asked = exports.ask(
        register=KEY, query="", fields=["so", "quyet_dinh"], format_key="csv", purpose="", officer=handler
    )
    exports.make(asked.pk)
    from lienthong.foundation.files import storage

    asked.refresh_from_db()
    with storage.open_content(asked.file.sha256) as content:
        assert "quyet-dinh.jpg" in content.read().decode()


def test_programs_upload_first_and_name_the_file_then(handler):
    officer = desk(cast.HANDLER)
    send = partial(officer.post, f"{HERE}/files?field=quyet_dinh")
    sent = send({"file": SimpleUploadedFile("qd.jpg", picture(), "image/jpeg")})
    assert sent.status_code == 201 and sent.json().keys() == {"id", "name", "size", "kind"}
    body = {"values": permit(quyet_dinh={"id": sent.json()["id"]})}
    made = officer.post(
        f"{HERE}/entries", json.dumps(body), content_type="application/json", headers={"Idempotency-Key": str(uuid4())}
    ).json()
    (file,) = made["files"]
    assert file["field"] == "quyet_dinh" and file["name"] == "qd.jpg" == made["values"]["quyet_dinh"]["name"]
    assert b"".join(officer.get(file["url"]).streaming_content) == picture()
    assert desk("quantri").get(file["url"]).status_code == 404
    wrong = send({"file": SimpleUploadedFile("qd.exe", b"MZ" + b"0" * 100)})
    assert wrong.status_code == 422 and "files.wrong_kind" in wrong.json()["type"]
    assert officer.post(f"{HERE}/files?field=so", {"file": SimpleUploadedFile("a.jpg", picture())}).status_code == 422
    assert desk("quantri").post(f"{HERE}/files?field=so", {"file": SimpleUploadedFile("a", b"a")}).status_code == 404
    paths = officer.get(f"{HERE}/openapi.json").json()["paths"]
    assert f"/{KEY}/files" in paths and f"/{KEY}/entries/{{id}}/files/{{file}}" in paths


def test_every_file_belongs_to_something_for_those_who_look_after_the_house(handler):
    uploaded(handler)
    entered(handler, quyet_dinh={"id": uploaded(handler, colour="#010101")})
    (look,) = (each for each in invariants.INVARIANTS if each.name == "files")
    assert look.find(0) == []
    EntryFile.objects.all().delete()
    assert len(look.find(0)) == 2
