"""Signature devices and how an installation chooses one."""

import pytest

from lienthong.signing import services, soft_token
from lienthong.signing.definition import PluginChoice
from lienthong.signing.devices import SignatureDevice, devices
from lienthong.signing.models import Certificate
from lienthong.signing.plugins import BadOptions, UnknownPlugin
from tests.signing.device_contract import DeviceContract
from tests.signing.people import AT, CHAIRMAN, LATER, paper


class TestSoftToken(DeviceContract):
    @pytest.fixture
    def device(self) -> SignatureDevice:
        return devices.make(PluginChoice(plugin="soft-token"))

    def test_a_revoked_key_is_not_used_again(self, device):
        first = device.credential(CHAIRMAN, at=AT)
        serial = Certificate.objects.get().serial
        services.revoke(serial=serial, reason=Certificate.Reason.KEY_COMPROMISE, revoked_by=1, at=LATER)
        assert device.credential(CHAIRMAN, at=LATER).certificate != first.certificate


def test_an_unknown_device_is_named_with_those_there_are():
    with pytest.raises(UnknownPlugin, match=r"hsm-9000.*soft-token"):
        devices.make(PluginChoice(plugin="hsm-9000"))


@pytest.mark.parametrize("options", [{"certificate_years": 0}, {"certificate_years": "viele"}, {"years": 3}])
def test_wrong_options_are_refused(options):
    with pytest.raises(BadOptions, match="soft-token"):
        devices.make(PluginChoice(plugin="soft-token", options=options))


def test_no_two_devices_have_one_name():
    with pytest.raises(ValueError, match="already"):
        devices.register(soft_token.SoftToken)


@pytest.mark.django_db
def test_an_installation_may_sign_with_a_device_of_its_own(settings):
    class Trusted(soft_token.SoftToken):
        key = "trust-service"

    settings.SIGNING = {"device": {"plugin": "trust-service", "options": {"certificate_years": 1}}}
    with devices.registered(Trusted):
        signed = services.sign_pdf(paper(), signer=CHAIRMAN, reason="", at=AT)
    assert services.verify_pdf(signed)[0].genuine
    assert (Certificate.objects.get().valid_to - AT).days < 366
