"""A certificate of our own, for a machine in a network that has none from its university.

Browsers warn of it once; whoever reads the warning compares the fingerprint with the one that
`transcriber serve` prints. It is kept, so that the warning does not come back.
"""

import datetime as dt
import ipaddress
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from transcriber.domain.errors import UsageError, disk_errors
from transcriber.storage.files import private_directory, write_whole

VALID_DAYS = 397
"""The longest that browsers take (CA/Browser Forum, Baseline Requirements 6.3.2, until 2026)."""

RENEWED_DAYS = 30
"""A certificate that ends sooner than that is made anew when the service starts."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Two PEM files, and the SHA-256 of the certificate as browsers show it."""

    certificate: Path
    key: Path
    fingerprint: str


def given_certificate(certificate: Path, key: Path) -> Certificate:
    """Return a certificate that somebody brought. Raises UsageError when it cannot be read."""
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        serialization.load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        raise UsageError(
            "bad_certificate",
            "The certificate or its key cannot be read. Both have to be PEM files, the key without "
            "a password. Check --tls-cert and --tls-key.",
        ) from None
    return Certificate(certificate, key, _fingerprint(found))


def local_certificate(folder: Path, host: str) -> Certificate:
    """Return the certificate in a folder, made anew where it ends soon or names other addresses.

    `host` is what the service binds; its key is readable by its owner only. Raises StorageError.
    """
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    names = _names(host)
    with suppress(UsageError):
        kept = given_certificate(certificate, key)
        if _still_good(x509.load_pem_x509_certificate(certificate.read_bytes()), names):
            return kept
    private_directory(folder)
    secret = ec.generate_private_key(ec.SECP256R1())
    made = _signed(secret, names)
    with disk_errors():
        write_whole(
            key,
            secret.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
        os.chmod(key, 0o600)  # noqa: PTH101 - said where it is done
        write_whole(certificate, made.public_bytes(serialization.Encoding.PEM))
    return Certificate(certificate, key, _fingerprint(made))


def _signed(secret: ec.EllipticCurvePrivateKey, names: list[x509.GeneralName]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Transcriber on this machine")])
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, hashes.SHA256())
    )


def _still_good(certificate: x509.Certificate, names: list[x509.GeneralName]) -> bool:
    left = certificate.not_valid_after_utc - dt.datetime.now(dt.UTC)
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return left > dt.timedelta(days=RENEWED_DAYS) and set(names) <= set(named)


def _names(host: str) -> list[x509.GeneralName]:
    """Return what people may type to reach `host`."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return [_general(host)]
    own = socket.gethostname()
    addresses: set[str] = set()
    with suppress(OSError):
        addresses = {str(found[4][0]) for found in socket.getaddrinfo(own, None)}
    return [_general(name) for name in ("localhost", own, "127.0.0.1", *sorted(addresses))]


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name.partition("%")[0]))
    except ValueError:
        return x509.DNSName(name)


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()
