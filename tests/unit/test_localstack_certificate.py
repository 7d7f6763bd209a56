"""What LocalStack does at its first start alone, and which a machine that has started it hides."""

from __future__ import annotations

from pathlib import Path

import pytest
from localstack.utils.crypto import generate_ssl_cert


# pyOpenSSL tells that it will drop what LocalStack calls.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_pinned_pyopenssl_can_make_the_certificate_of_a_first_start(tmp_path):
    _, certificate, key = generate_ssl_cert(str(tmp_path / "server.pem"), serial_number=4566)
    assert "BEGIN CERTIFICATE" in Path(certificate).read_text()
    assert "BEGIN" in Path(key).read_text()
