"""Keys in a device with a PKCS #11 library: run against SoftHSM2, a device made of software."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import SecretStr

from lienthong.signing import authority, certificates, services
from lienthong.signing.definition import PluginChoice
from lienthong.signing.devices import SignatureDevice, devices
from lienthong.signing.hardware import NoDevice, NoKeyOnDevice, WrongPin
from lienthong.signing.models import SigningRecord
from lienthong.signing.plugins import BadOptions
from lienthong.signing.rules import Period, Signer
from tests.signing.device_contract import DeviceContract
from tests.signing.people import AT, CHAIRMAN, CLERK, COMMITTEE, LATER, paper
from tests.signing.test_verification import only_report

LIBRARY = next(
    (
        str(path)
        for folder in ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm")
        if (path := Path(folder) / "libsofthsm2.so").exists()
    ),
    "",
)
pytestmark = pytest.mark.skipif(
    not LIBRARY or not shutil.which("softhsm2-util"), reason="SoftHSM2 (softhsm2) is not installed"
)
PIN, TOKEN = "73921840", "lien-thong"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An initialised token in a folder of its own. The library reads its settings once in a process."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    said = ["--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "12345678"]
    subprocess.run(["softhsm2-util", *said], check=True, capture_output=True)
    return folder


@pytest.fixture
def device(token: Path, db: None) -> SignatureDevice:
    """The device with keys and certificates of our authority for those who sign in these tests."""
    issuing = authority.issuing_authority(at=AT)
    for signatory in (CHAIRMAN, COMMITTEE):
        put(token, signatory, ec.generate_private_key(ec.SECP256R1()), issuing)
    put(token, CLERK, rsa.generate_private_key(65537, 2048), issuing)
    return devices.make(PluginChoice(plugin="pkcs11", options=options(issuing)))


def options(issuing=None) -> dict:
    chain = authority.chain_of(issuing) if issuing else []
    pem = [each.public_bytes(serialization.Encoding.PEM).decode() for each in chain]
    return {"library": LIBRARY, "token": TOKEN, "chain": pem}


def put(folder: Path, signatory, key, issuing) -> None:
    """Key and certificate of a signatory on the token, instead of those that are there."""
    import pkcs11

    person = isinstance(signatory, Signer)
    label = f"{signatory.account_id}-{signatory.post_id}" if person else signatory.organisation_identifier
    made = certificates.signer_certificate(
        certificates.subject_of(signatory),
        key,
        Period(AT.replace(month=1), AT.replace(year=2027)),
        certificates.Issuer(authority.load_key(issuing), authority.load(issuing)),
        revocation_address="",
    )
    with pkcs11.lib(LIBRARY).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
        for each in list(session.get_objects({pkcs11.Attribute.LABEL: label})):
            each.destroy()
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.SUBJECT: made.subject.public_bytes(),
                pkcs11.Attribute.ID: label.encode(),
                pkcs11.Attribute.VALUE: made.public_bytes(serialization.Encoding.DER),
            }
        )
    path = folder / "key.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    said = ["--import", str(path), "--token", TOKEN, "--label", label, "--id", label.encode().hex(), "--pin", PIN]
    subprocess.run(["softhsm2-util", *said, "--force"], check=True, capture_output=True)
    path.unlink()


class WithPin:
    """The device as somebody uses it who has entered the PIN: the contract is that of all devices."""

    def __init__(self, device: SignatureDevice) -> None:
        self._device = device

    def credential(self, signer, *, at):
        return self._device.credential(signer, at=at, pin=SecretStr(PIN))


class TestPkcs11(DeviceContract):
    @pytest.fixture
    def device(self, device: SignatureDevice) -> WithPin:  # type: ignore[override]
        return WithPin(device)


def use(settings, device: SignatureDevice) -> None:
    settings.SIGNING = {"device": {"plugin": "pkcs11", "options": device.options.model_dump()}}


@pytest.mark.parametrize("signer", [CHAIRMAN, CLERK, COMMITTEE])
def test_a_paper_signed_by_the_device_is_genuine_with_either_kind_of_key(device, settings, signer):
    use(settings, device)
    report = only_report(services.sign_pdf(paper(), signer=signer, reason="", at=AT, pin=SecretStr(PIN)), LATER)
    assert report.genuine and SigningRecord.objects.get().device == "pkcs11"


def test_several_papers_are_signed_with_the_pin_entered_once(device, settings):
    use(settings, device)
    wanted = [services.ToSign(pdf=paper(number), reason="") for number in (1, 2)]
    made = services.sign_many(wanted, signer=CHAIRMAN, at=AT, pin=SecretStr(PIN))
    assert all(only_report(pdf).genuine for pdf in made)


@pytest.mark.parametrize("pin", [None, SecretStr(""), SecretStr("00000000"), SecretStr("1"), SecretStr("9" * 4000)])
def test_without_the_right_pin_nothing_is_signed_also_after_somebody_else_signed(device, settings, pin):
    use(settings, device)
    services.sign_pdf(paper(), signer=CHAIRMAN, reason="", at=AT, pin=SecretStr(PIN))
    with pytest.raises(WrongPin):
        services.sign_pdf(paper(), signer=CHAIRMAN, reason="", at=AT, pin=pin)
    assert SigningRecord.objects.count() == 1


def test_the_pin_is_neither_shown_nor_kept(device, settings, caplog):
    use(settings, device)
    secret = SecretStr(PIN)
    credential = device.credential(CHAIRMAN, at=AT, pin=secret)
    assert PIN not in repr(credential) and PIN not in repr(vars(device))
    caplog.set_level("DEBUG")
    with pytest.raises(WrongPin) as refused:
        services.sign_pdf(paper(), signer=CHAIRMAN, reason="", at=AT, pin=SecretStr("00112233"))
    assert "00112233" not in caplog.text + str(refused.value) + repr(refused.value.__cause__)


def test_who_has_no_key_on_the_device_is_told_so(device):
    stranger = Signer(account_id=999, post_id=1, name="A", position="", organisation="B", organisation_identifier="H16")
    with pytest.raises(NoKeyOnDevice):
        device.credential(stranger, at=AT)


def test_a_certificate_that_has_run_out_is_not_used(device):
    with pytest.raises(NoKeyOnDevice):
        device.credential(CHAIRMAN, at=AT.replace(year=2040))


@pytest.mark.parametrize("other", [{"token": "another"}, {"library": "/nowhere/libnothing.so"}])
def test_a_device_that_is_not_there_is_said(token, other):
    absent = devices.make(PluginChoice(plugin="pkcs11", options=options() | other))
    with pytest.raises(NoDevice):
        absent.credential(CHAIRMAN, at=AT)


@pytest.mark.parametrize(
    "wrong",
    [{"library": "softhsm.so"}, {"person_key": "{name}"}, {"person_key": "{"}, {"chain": ["no PEM"]}, {"pin": "1"}],
)
def test_wrong_options_are_refused_a_kept_pin_among_them(wrong):
    with pytest.raises(BadOptions):
        devices.make(PluginChoice(plugin="pkcs11", options=options() | wrong))


def test_the_chain_is_found_on_the_device_or_in_the_options(device):
    chain = device.credential(CHAIRMAN, at=AT).chain
    assert [x509.load_der_x509_certificate(each).subject for each in chain] == [
        each.subject for each in authority.chain_of(authority.issuing_authority(at=AT))
    ]
