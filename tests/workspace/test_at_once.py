"""Two officers at one step, each over a connection of their own."""

from threading import Barrier, Thread

from django.db import connection
from django.test import Client

from lienthong.cases.models import StepVisit
from tests import cast
from tests.cases import dossiers
from tests.workspace.conftest import address, desk, text


def test_of_two_at_once_one_does_it_and_the_other_is_told(committed):
    dossier = dossiers.submitted()
    there = address(dossier, "tiep-nhan", "tiep-nhan")
    clients = [desk(cast.CLERK), desk(cast.TWO_AGENCIES)]
    start, said = Barrier(2), []

    def press(client: Client) -> None:
        with cast.on_monday():
            start.wait()
            said.append(text(client.post(there, follow=True)))
        connection.close()

    threads = [Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("Đã xong: Tiếp nhận hồ sơ." in each for each in said) == [False, True]
    assert sorted("đã thực hiện “Tiếp nhận hồ sơ”" in each for each in said) == [False, True]
    assert StepVisit.objects.filter(dossier=dossier, step="phan-cong").count() == 1
