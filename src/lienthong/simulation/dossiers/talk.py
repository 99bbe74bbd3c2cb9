"""The conversations in dossiers: applicants ask how far it is, whoever has the dossier in hand answers in a day or two,
says that no answer is needed, or forgets it."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid5

from django.db import connection

from lienthong.cases import services
from lienthong.cases.services.carrying import CONVERSATION
from lienthong.foundation import clock
from lienthong.identity.actors import Citizen
from lienthong.simulation import words
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.dossiers import manners
from lienthong.simulation.dossiers.arrivals import NAMESPACE

if TYPE_CHECKING:
    from lienthong.simulation.dossiers.desks import Desks

_ASKED = """
    SELECT item.subject_id, item.opened_at, dossier.draft_key, item.organisation_id, item.role, item.post_id
      FROM work_workitem item JOIN cases_dossier dossier ON dossier.id = item.subject_id
     WHERE item.is_open AND item.subject_type = %s AND item.organisation_id = ANY(%s)
       AND dossier.draft_key IS NOT NULL"""


class Talk:
    """What is asked and answered at the desks of one part on one day."""

    def __init__(self, desks: "Desks") -> None:
        self.desks, self.day, self.seed = desks, desks.day, desks.seed

    def plan(self) -> None:
        """Questions of the days before that are answered today."""
        if self.day.opening is not None:
            for dossier, asked, key, *_desk in self._asked():
                self._lay(dossier, clock.local(asked), key)

    def ask(self, dossier_id: int, key: object, applicant: Citizen) -> None:
        """An applicant asks about a dossier, which has that key."""
        now = clock.now()
        text = pick(dice(self.seed, "question", key, now), words.QUESTIONS)
        message = uuid5(NAMESPACE, f"question {key} {now.isoformat()}")
        services.write_back(dossier_id=dossier_id, text=text, applicant=applicant, key=message)
        self.desks.actions["ask"] += 1
        self.desks.touched.add(dossier_id)
        self._lay(dossier_id, now, key)

    def _lay(self, dossier_id: int, asked: datetime, key: object) -> None:
        after = manners.answers_after(self.seed, f"{key}:{asked.isoformat()}")
        if after is None or self.desks.closing is None or asked + after > self.desks.closing:
            return
        moment = max(asked + after, self.day.opening or asked).replace(microsecond=0)
        self.day.at(moment, f"i {key}", self._answering(dossier_id))

    def _answering(self, dossier_id: int) -> Callable[[datetime], None]:
        def answer(moment: datetime) -> None:
            """By whoever is there of the desk with which it lies by now."""
            for _dossier, _asked, key, organisation, role, post in self._asked(dossier_id):
                there = self.desks.beside.somebody(organisation, role, post)
                if there is None:
                    return
                officer = there.worker.officer
                rng = dice(self.seed, "answer", key, moment)
                if rng.random() < manners.NEEDS_NO_ANSWER:
                    services.leave_unanswered(dossier_id=dossier_id, officer=officer)
                    self.desks.actions["leave-unanswered"] += 1
                else:
                    message = uuid5(NAMESPACE, f"answer {key} {moment.isoformat()}")
                    text = pick(rng, words.ANSWERS)
                    services.write(dossier_id=dossier_id, text=text, officer=officer, key=message)
                    self.desks.actions["answer"] += 1
                self.desks.touched.add(dossier_id)

        return answer

    def _asked(self, dossier_id: int | None = None) -> list[tuple[int, datetime, object, int, str, int | None]]:
        """The questions that lie at the desks of the part, or that of one dossier."""
        one = "" if dossier_id is None else " AND item.subject_id = %s"
        with connection.cursor() as cursor:
            cursor.execute(
                f"{_ASKED}{one} ORDER BY dossier.draft_key",
                [CONVERSATION, self.desks.organisations, *([] if dossier_id is None else [dossier_id])],
            )
            return list(cursor.fetchall())
