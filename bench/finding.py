"""Looking for documents by words of their files, as a person with thirty posts does it and as clerks do.

Each document has a file of some four hundred syllables. Five thousand texts stand for all: passages of what this
repository says in Vietnamese, so that common syllables are as common as they are, with names, places and sums of money.
"""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.crypto import get_random_string

from bench import Row
from bench.registers import p95
from lienthong.documents.finding.queries import Wanted, find
from lienthong.foundation import clock
from lienthong.identity.actors import Officer

TEXTS, LENGTH = 5_000, 400
TURNS = 120
GOAL = 50.0
SOURCE = Path(__file__).resolve().parents[1] / "src" / "lienthong"

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "H’", "Y", "Điểu", "Nông")
GIVEN = ("Hùng", "Mai", "Tuấn", "Lan", "Dũng", "Hoa", "Thắng", "Bình", "Sơn", "Thu", "Vân", "K’Sor", "Byă", "Hải")
WORDS = {
    "words that few files have": ("nguyễn mai sơn 417", "dang hoang thu 52", "byă hải điểu", "vu k’sor lan 9"),
    "words of every day": (
        "quy hoach khu dan cu",
        "giải ngân vốn đầu tư",
        "an toan thuc pham",
        "cap giay phep xay dung",
    ),
    "the commonest words": ("văn bản", "quy dinh", "hồ sơ", "cơ quan", "báo cáo"),
    "a phrase": ('"giai ngan von"', '"thủ tục hành chính"', '"an toàn thực phẩm"', '"hồ sơ công việc"'),
    "a number": ("125/bc-ubnd", "417/SXD-QH", "88/stc-ns", "900"),
    "nothing that is there": ("xyzzy", "quy hoach xyzzy", "khong co tu nay qqq"),
}

_FILES = """
    INSERT INTO files_storedfile (sha256, size, format, name, stored_at, scan, scanned_at, infection)
    SELECT encode(sha256(text::bytea), 'hex'), 1000, 'pdf', 'van-ban.pdf', %(now)s, 'clean', %(now)s, ''
      FROM unnest(%(texts)s::text[]) text RETURNING id"""
_TEXTS = """
    INSERT INTO files_filetext (file_id, reading, text, read_at)
    SELECT * FROM unnest(%(ids)s::bigint[], %(readings)s::text[], %(texts)s::text[], %(moments)s::timestamptz[])"""
_ATTACHED = """
    INSERT INTO documents_documentfile (document_id, file_id, role, place)
    SELECT id, (%(ids)s::bigint[])[1 + id * 7919 %% cardinality(%(ids)s::bigint[])], 'main', 0
      FROM documents_document"""
_LINES = """
    INSERT INTO documents_findable (arrival_id, day, keys, words)
    SELECT id, arrived_on, documents_keys_of_arrival(id), documents_words_of(document_id) FROM documents_arrival"""
_INDEX = "CREATE INDEX document_findable ON documents_findable USING gin (words, keys) WITH (fastupdate = off)"


def switch_triggers(*, on: bool) -> None:
    """What they do for a million rows is done at once, in `make_lines`."""
    with connection.cursor() as cursor:
        for table in ("documents_arrival", "documents_task", "documents_documentfile", "files_filetext"):
            cursor.execute(f"ALTER TABLE {table} {'ENABLE' if on else 'DISABLE'} TRIGGER USER")


def attach_files() -> None:
    """Give every document its file. Triggers are off."""
    chance = random.Random(30)
    texts = [f"{get_random_string(12)} {text}" for text in _texts(chance)]
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_FILES, {"texts": texts, "now": now})
        ids = [row[0] for row in cursor.fetchall()]
        many: dict[str, Any] = {"readings": ["read"] * len(ids), "moments": [now] * len(ids)}
        cursor.execute(_TEXTS, {"ids": ids, "texts": texts, **many})
        cursor.execute(_ATTACHED, {"ids": ids})


def make_lines() -> None:
    """What the triggers would have made, with the index built once at the end."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX document_findable")
        cursor.execute("TRUNCATE documents_findable")
        cursor.execute("ANALYZE documents_task, documents_documentfile, files_filetext")
        cursor.execute(_LINES)
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(_INDEX)
        cursor.execute("RESET maintenance_work_mem")


def _texts(chance: random.Random) -> Iterator[str]:
    syllables = _syllables()
    for _ in range(TEXTS):
        begin = chance.randrange(len(syllables) - LENGTH)
        people = (
            f"{chance.choice(FAMILIES)} {chance.choice(GIVEN)} {chance.choice(GIVEN)} {chance.randrange(1000)}"
            for _ in range(4)
        )
        yield " ".join([*syllables[begin : begin + LENGTH], *people])


def _syllables() -> list[str]:
    """All Vietnamese that this repository shows to people, in its order."""
    said = []
    for path in sorted([*SOURCE.rglob("*.po"), *SOURCE.rglob("*.yaml")]):
        text = path.read_text(encoding="utf-8")
        lines = re.findall(r'^msgstr "(.+)"', text, re.MULTILINE) if path.suffix == ".po" else text.splitlines()
        said += [line for line in lines if re.search("[ạảấầậốộổớợởứừửữịỉẹẻếềệể]", line)]
    return re.findall(r"[^\W_]+", " ".join(said))


def rows(who: dict[str, Officer]) -> list[Row]:
    return [
        (f"find, {what}, {name}: p95", p95(_asking(officer, words), TURNS), "ms", GOAL)
        for name, officer in who.items()
        for what, words in WORDS.items()
    ]


def _asking(officer: Officer, words: tuple[str, ...]) -> Callable[[int], object]:
    return lambda n: find(officer, Wanted(words[n % len(words)]))
