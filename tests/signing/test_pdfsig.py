"""What a program that is not ours says of our signatures: pdfsig of poppler, with NSS."""

import pytest

from lienthong.foundation import clock
from lienthong.signing import services
from lienthong.signing.services import Stamp
from tests.signing.pdfsig import needed, nss, pdfsig
from tests.signing.people import CHAIRMAN, COMMITTEE, paper

pytestmark = [pytest.mark.django_db, needed]


@pytest.fixture
def signed(tmp_path):
    now = clock.now()
    pdf = services.sign_pdf(paper(), signer=CHAIRMAN, reason="Phê duyệt", at=now, stamp=Stamp(place="signer"))
    pdf = services.sign_pdf(pdf, signer=COMMITTEE, reason="Phát hành", at=now, stamp=Stamp(place="seal"))
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)
    return path


def test_pdfsig_finds_the_signatures_valid_and_the_certificates_trusted(signed, tmp_path):
    store = nss(tmp_path / "nss", services.export_root().pem)
    assert pdfsig(signed, store) == (["Signature is Valid."] * 2, ["Certificate is Trusted."] * 2)


def test_pdfsig_does_not_trust_them_without_our_root(signed, tmp_path):
    signatures, certificates = pdfsig(signed, nss(tmp_path / "nss"))
    assert signatures == ["Signature is Valid."] * 2
    assert all("Trusted." not in verdict or "isn't" in verdict for verdict in certificates)


def test_pdfsig_finds_a_changed_byte(signed, tmp_path):
    content = bytearray(signed.read_bytes())
    content[2000] ^= 1
    signed.write_bytes(content)
    signatures, _certificates = pdfsig(signed, nss(tmp_path / "nss", services.export_root().pem))
    assert "Signature is Valid." not in signatures
