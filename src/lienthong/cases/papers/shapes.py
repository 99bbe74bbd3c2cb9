"""What each paper of the one-stop shop says. Every shape names its form and template.

The forms are those of TT 01/2018/TT-VPCP art. 9 (in force to June 2025) and of TT 03/2025/TT-VPCP App. I (after); the
number and source printed on a paper come from the rule set of the dossier. Field lists: forms 01-03 of TT 01/2018 as
provinces print them; the exact print of TT 03/2025 could not be confirmed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lienthong.foundation.papers.shapes import Block, Letterhead, Party, Shape, Signature
from lienthong.foundation.papers.wording import place_and_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Shape):
    """Which form of which circular: number "01", source "Thông tư số 01/2018/TT-VPCP ngày 23/11/2018 …"."""

    number: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Component(Shape):
    """A line of the table of components: how many originals, certified copies and photocopies were handed in."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDossier(Shape):
    """A line of the list that goes with one receipt for many dossiers."""

    content: str
    unit: str
    received: str
    due: str
    limit: str
    owner: str
    sets: int = 1
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Shape):
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả: form 01. Template cases/receipt, A5.

    `channel` is how it was handed in, `limit` the time by rule ("20 ngày làm việc"), `result_at` where and how the
    result is received. `register_book` and `register_number` are the place in the register of dossiers. `form_link`
    proves the paper, `tracking_link` shows the progress; either may be empty. With `listed` it is the receipt of many
    dossiers, handed in together: the list is printed after it, and what differs between them is told only there.
    """

    form: Form
    letterhead: Letterhead
    code: str
    unit: str
    submitter: Party
    owner: Party
    request: str
    components: tuple[Component, ...]
    limit: str
    received_at: datetime
    due_at: datetime | None
    result_at: str
    receiver: str
    channel: str = ""
    sets: int = 1
    fees: str = ""
    register_book: str = ""
    register_number: str = ""
    form_link: str = ""
    tracking_link: str = ""
    hint: str = ""
    listed: tuple[ListedDossier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequest(Shape):
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: form 02. Template cases/supplement_request, A5.

    `components` are what has to be brought; `within` is the time given for it, empty where the law gives none.
    `contact` and `contact_phone` are of the officer who explains, `site` where the procedures are published.
    """

    form: Form
    letterhead: Letterhead
    code: str
    unit: str
    owner: Party
    request: str
    components: tuple[Component, ...]
    reason: str
    contact: str
    contact_phone: str
    guide: str
    site: str = ""
    within: str = ""
    form_link: str = ""
    tracking_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Shape):
    """Phiếu từ chối tiếp nhận, giải quyết hồ sơ: form 03. Template cases/refusal, A5."""

    form: Form
    letterhead: Letterhead
    code: str
    unit: str
    owner: Party
    request: str
    reason: str
    contact: str
    contact_phone: str
    submitter: str
    refuser: str
    site: str = ""
    form_link: str = ""
    tracking_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology(Shape):
    """Phiếu xin lỗi và hẹn lại ngày trả kết quả: form 04, to whom a dossier will be late. Template cases/apology, A5.

    `title` is the form's name under its circular. `issuer` is who is late and signs.
    """

    form: Form
    title: str
    letterhead: Letterhead
    code: str
    issuer: str
    owner: Party
    request: str
    received_at: datetime | None
    old_due: datetime
    new_due: datetime
    reason: str
    contact: str
    contact_phone: str
    signature: Signature
    form_link: str = ""
    tracking_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Shape):
    """Thông báo dừng giải quyết hồ sơ: form 05 of TT 03/2025. Template cases/stop, A5.

    `stage` is the step in which it stopped, `fees` what the procedure costs, empty where it is free. What became of
    fees that were paid is `consequences`; empty leaves the dots of a form.
    """

    form: Form
    title: str
    letterhead: Letterhead
    code: str
    issuer: str
    owner: Party
    request: str
    received_at: datetime | None
    due_at: datetime | None
    stopped_at: datetime
    stage: str
    reason: str
    contact: str
    contact_phone: str
    signature: Signature
    fees: str = ""
    consequences: str = ""
    form_link: str = ""
    tracking_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand(Shape):
    """Who gave or took a dossier: a person may be unknown, as where a step lies with a whole desk."""

    agency: str
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop(Shape):
    """A block of the control slip: the dossier goes from one hand to the next, and what came of it there.

    `result` is early, on-time, late, open (still in that hand) or waiting (for the applicant); `due` and `done` are
    its limit and its end there, written short.
    """

    step: str
    giver: Hand
    receiver: Hand
    given_at: datetime
    due: str
    done: str
    result: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSlip(Shape):
    """Phiếu kiểm soát quá trình giải quyết hồ sơ: form 06, 05 of TT 01/2018. Template cases/control, A4."""

    form: Form
    letterhead: Letterhead
    code: str
    request: str
    owner: Party
    received_at: datetime | None
    due_at: datetime | None
    solving: str
    coordinating: tuple[str, ...]
    hops: tuple[Hop, ...]
    form_link: str = ""
    tracking_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Shape):
    """Sổ theo dõi hồ sơ: form 07, 06 of TT 01/2018. Template cases/register, A4 across.

    Every row has the texts of one line of the register, in the order of the form's columns. `narrowed` says in words
    what was left out; empty when it is the whole register of the period.
    """

    form: Form
    letterhead: Letterhead
    shop: str
    period: str
    rows: tuple[tuple[str, ...], ...]
    printed_by: str
    printed_at: datetime
    narrowed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Shape):
    """A result of an administrative procedure, laid out by NĐ 30/2020 App. I. Template cases/result, A4.

    `title` is the kind of paper ("GIẤY PHÉP XÂY DỰNG"), `subject` its abstract, or empty. `recipients` end with
    "Lưu: VT, …". `proof_link` is the address that tells whether the paper is genuine, `proof_code` what a person types.
    """

    letterhead: Letterhead
    title: str
    content: tuple[Block, ...]
    signature: Signature
    subject: str = ""
    recipients: tuple[str, ...] = ()
    proof_link: str = ""
    proof_code: str = ""
    proof_site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(Shape):
    """An applicant's form as a paper of the dossier. Template cases/application, A4.

    `form_number` is the number of the form of the procedure ("Mẫu số 01 …"). `submitted` says how and when it was
    handed in electronically; a form to be signed by hand has none.
    """

    title: str
    addressee: str
    content: tuple[Block, ...]
    place: str
    day: date
    signature: Signature
    subject: str = ""
    form_number: str = ""
    code: str = ""
    submitted: str = ""
    form_link: str = ""

    def as_data(self) -> dict[str, Any]:
        return {**Shape.as_data(self), "place_and_day": place_and_day(self.place, self.day)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion(Shape):
    """A consulted agency's answer, an official letter (công văn, NĐ 30/2020 App. I). Template cases/opinion, A4.

    `subject` follows "V/v"; `conclusion` is the answer in one line ("Thống nhất", "Không thống nhất"), `content` the
    reasons and conditions. `answers` is the paper it answers, `code` the dossier.
    """

    letterhead: Letterhead
    subject: str
    addressees: tuple[str, ...]
    code: str
    request: str
    owner: Party
    conclusion: str
    signature: Signature
    content: tuple[Block, ...] = ()
    answers: str = ""
    recipients: tuple[str, ...] = ()
    proof_link: str = ""
    proof_code: str = ""
    proof_site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverRow(Shape):
    """A line of a hand-over list: which dossier, what papers go with it, how it was settled where it comes from."""

    code: str
    content: str
    owner: str
    papers: str
    due: str
    result: str
    times: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverList(Shape):
    """Papers that go from one desk to another together, with the columns of the control slip (form 06, 05 of TT
    01/2018). Template cases/hand_over, A4 across."""

    letterhead: Letterhead
    giver: str
    giver_person: str
    receiver: str
    receiver_person: str
    made_at: datetime
    rows: tuple[HandOverRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label(Shape):
    """A label for the cover of a dossier. `code_link` is where its progress is told, as on the receipt."""

    code: str
    title: str
    owner: str
    due: str
    agency: str
    code_link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels(Shape):
    """Labels on a sheet of 24 (70 × 37 mm, the first `skip` left free) or one after the other on a roll of 62 mm.
    Templates cases/label_sheet and cases/label_roll."""

    labels: tuple[Label, ...]
    skip: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySection(Shape):
    """A part of the day's list: its name, and for each dossier the texts of its row."""

    title: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterDay(Shape):
    """What one counter did on one day. Template cases/day, A4 across."""

    letterhead: Letterhead
    shop: str
    day: date
    sections: tuple[DaySection, ...]
    columns: tuple[str, ...]
    printed_by: str
    printed_at: datetime
