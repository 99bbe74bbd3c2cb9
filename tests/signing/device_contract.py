"""What every signature device must do. A device's test subclasses this and says how to make the device."""

import hashlib
from itertools import pairwise

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from lienthong.signing.devices import SignatureDevice
from lienthong.signing.rules import Signer
from tests.signing.people import AT, CHAIRMAN, CLERK, COMMITTEE, LATER

DIGEST = hashlib.sha256(b"a document").digest()
SIGNATORIES = [CHAIRMAN, COMMITTEE]


@pytest.mark.django_db
class DeviceContract:
    @pytest.fixture
    def device(self) -> SignatureDevice:
        raise NotImplementedError

    @pytest.mark.parametrize("signatory", SIGNATORIES)
    def test_the_certificate_names_the_signatory(self, device, signatory):
        subject = x509.load_der_x509_certificate(device.credential(signatory, at=AT).certificate).subject
        name = signatory.name if isinstance(signatory, Signer) else signatory.organisation
        assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == name
        assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == signatory.organisation

    @pytest.mark.parametrize("signatory", SIGNATORIES)
    def test_a_signature_verifies_with_the_certificate(self, device, signatory):
        credential = device.credential(signatory, at=AT)
        key = x509.load_der_x509_certificate(credential.certificate).public_key()
        signature = credential.sign_digest(DIGEST)
        prehashed = Prehashed(hashes.SHA256())
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, DIGEST, ec.ECDSA(prehashed))
        else:
            key.verify(signature, DIGEST, padding.PKCS1v15(), prehashed)

    def test_the_chain_leads_from_the_certificate_to_a_root(self, device):
        credential = device.credential(CHAIRMAN, at=AT)
        chain = [x509.load_der_x509_certificate(each) for each in (credential.certificate, *credential.chain)]
        for lower, upper in pairwise(chain):
            lower.verify_directly_issued_by(upper)
        assert chain[-1].issuer == chain[-1].subject

    def test_the_certificate_is_valid_then_and_is_for_signing(self, device):
        certificate = x509.load_der_x509_certificate(device.credential(CHAIRMAN, at=AT).certificate)
        assert certificate.not_valid_before_utc <= AT <= certificate.not_valid_after_utc
        assert certificate.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment

    def test_a_signer_keeps_the_certificate(self, device):
        first, later = device.credential(CHAIRMAN, at=AT), device.credential(CHAIRMAN, at=LATER)
        assert first.certificate == later.certificate

    def test_different_signatories_have_different_keys(self, device):
        keys = {
            x509.load_der_x509_certificate(device.credential(each, at=AT).certificate)
            .public_key()
            .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            for each in (CHAIRMAN, CLERK, COMMITTEE)
        }
        assert len(keys) == 3
