"""What every gateway must do. A plug-in's tests derive from this class and give the fixture `gateway`."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from lienthong.notifications import gateways
from lienthong.notifications.gateways import Gateway, Outgoing, Taken
from tests import cast

MESSAGE = Outgoing(
    id="1024",
    channel="sms",
    to="0905412768",
    recipient="Nguyễn Văn An",
    kind="dossier-received",
    title="Hồ sơ đã được tiếp nhận",
    text="Hồ sơ đã được tiếp nhận.\n\nHẹn trả: 24/03/2025 “đúng hẹn” & <an toàn>",
    link="https://dichvucong.example/ho-so-cua-toi/12/",
    language="vi",
    data={"code": "H16-1"},
    at=cast.MONDAY,
)


class GatewayContract:
    address = "0905412768"

    @pytest.fixture
    def gateway(self) -> Gateway:
        raise NotImplementedError

    def texts(self) -> list[str]:
        """The texts of everything that has reached people, one for each message that is different for them."""
        raise NotImplementedError

    @property
    def message(self) -> Outgoing:
        return replace(MESSAGE, to=self.address)

    def test_it_is_known_by_its_key(self, gateway: Gateway):
        assert gateways.find(gateway.key) is type(gateway)

    def test_it_says_what_it_reaches_and_reaches_something(self, gateway: Gateway):
        assert gateway.reaches and set(gateway.reaches) <= {"email", "mobile"}

    def test_a_message_arrives_as_it_was_written(self, gateway: Gateway):
        taken = gateway.send(self.message)
        assert isinstance(taken, Taken)
        (text,) = self.texts()
        assert "Hẹn trả: 24/03/2025 “đúng hẹn” & <an toàn>" in text

    def test_two_messages_arrive_as_two(self, gateway: Gateway):
        gateway.send(self.message)
        gateway.send(replace(self.message, id="1025"))
        assert len(self.texts()) == 2

    def test_who_says_to_know_repeats_makes_one_of_two(self, gateway: Gateway):
        if not gateway.knows_repeats:
            return
        assert gateway.send(self.message) == gateway.send(self.message)
        assert len(self.texts()) == 1

    def test_an_option_that_it_does_not_have_is_refused(self, gateway: Gateway):
        with pytest.raises(ValidationError):
            type(gateway).Options.model_validate({"no-such-option": 1})

    def test_a_report_of_a_stranger_is_none(self, gateway: Gateway):
        assert gateway.report({}, {"id": "1024", "status": "delivered"}) is None

    def test_nothing_is_lacking_where_it_works(self, gateway: Gateway):
        assert gateway.lacks() == ""
