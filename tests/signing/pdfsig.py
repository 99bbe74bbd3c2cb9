"""pdfsig of poppler, with NSS: what a program that is not ours says of signatures."""

import re
import shutil
import subprocess

import pytest

IS_HERE = bool(shutil.which("pdfsig") and shutil.which("certutil"))
needed = pytest.mark.skipif(not IS_HERE, reason="pdfsig (poppler-utils) or certutil (libnss3-tools) is not installed")


def nss(folder, *roots: bytes) -> str:
    """A certificate database that trusts `roots` (PEM)."""
    folder.mkdir()
    store = f"sql:{folder}"
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True)
    for number, root in enumerate(roots):
        command = ["certutil", "-A", "-d", store, "-n", f"root{number}", "-t", "CT,CT,CT", "-a"]
        subprocess.run(command, input=root, check=True)
    return store


def said_of(path, store: str) -> str:
    return subprocess.run(["pdfsig", "-nssdir", store, str(path)], capture_output=True, text=True).stdout


def pdfsig(path, store: str) -> tuple[list[str], list[str]]:
    """The verdicts on signatures and on certificates, in order."""
    said = said_of(path, store)
    found = [re.findall(f"{kind} Validation: (.+)", said) for kind in ("Signature", "Certificate")]
    return found[0], found[1]
