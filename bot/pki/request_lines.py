"""What to run where a key is made and stays, so that a request with a given subject comes of it.

Every part of a subject is of ``[A-Za-z0-9 ._-]`` and a file's stem has no spaces, so nothing in them means anything to
a shell, to PowerShell, to an .inf or to -subj.
"""

from cryptography.x509.oid import NameOID

from bot.pki.requests import SubjectName

_SHORT = {NameOID.COMMON_NAME: "CN", NameOID.ORGANIZATION_NAME: "O", NameOID.ORGANIZATIONAL_UNIT_NAME: "OU"}
_CERTTOOL = {"CN": "cn", "O": "organization", "OU": "unit"}


def named_parts(subject: SubjectName) -> tuple[tuple[str, str], ...]:
    """The subject's parts with their short names."""
    return tuple((_SHORT[oid], value) for oid, value in subject.parts())


def openssl(subject: SubjectName, stem: str) -> str:
    """For a Unix shell. LibreSSL, which a Mac has, spells the curve out unless it is told to name it."""
    subj = "".join(f"/{short}={value}" for short, value in named_parts(subject))
    return (
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -pkeyopt ec_param_enc:named_curve -nodes "
        f'-keyout {stem}.key -out {stem}.csr -subj "{subj}"'
    )


def git_bash(subject: SubjectName, stem: str) -> str:
    """For Git Bash on Windows, which takes ``/CN=…`` for a path and rewrites it unless told not to."""
    return f"MSYS_NO_PATHCONV=1 {openssl(subject, stem)}"


def certreq_inf(subject: SubjectName) -> tuple[str, ...]:
    """The lines of an .inf for ``certreq -new``: a P-256 key that stays in the user's own store (Microsoft's reference
    of certreq, [NewRequest]). A key of a KSP has no KeySpec, and KeyUsage 0x80 is digitalSignature.
    """
    name = ", ".join(f"{short}={value}" for short, value in named_parts(subject))
    return (
        "[Version]",
        'Signature="$Windows NT$"',
        "[NewRequest]",
        f'Subject="{name}"',
        "RequestType=PKCS10",
        'ProviderName="Microsoft Software Key Storage Provider"',
        "KeyAlgorithm=ECDSA_P256",
        "KeyLength=256",
        "HashAlgorithm=SHA256",
        "KeyUsage=0x80",
        "Exportable=FALSE",
        "MachineKeySet=FALSE",
        "Silent=TRUE",
    )


def powershell(subject: SubjectName, stem: str) -> str:
    """For PowerShell, in one line. In single quotes nothing is expanded: ``$Windows`` would be."""
    inf = ",".join(f"'{line}'" for line in certreq_inf(subject))
    return f"{inf} | Set-Content {stem}.inf; certreq -new {stem}.inf {stem}.csr"


def keytool(subject: SubjectName, stem: str) -> tuple[str, str]:
    """Java's keytool: a key in a store, and its request. It asks for the store's password."""
    name = ", ".join(f"{short}={value}" for short, value in named_parts(subject))
    store = f"-alias {stem} -keystore {stem}.p12"
    return (
        f'keytool -genkeypair {store} -storetype PKCS12 -keyalg EC -groupname secp256r1 -dname "{name}"',
        f"keytool -certreq {store} -file {stem}.csr",
    )


def certtool(subject: SubjectName, stem: str) -> tuple[str, str, str]:
    """GnuTLS's certtool: a template, a key, and its request."""
    template = "".join(f'{_CERTTOOL[short]} = "{value}"\\n' for short, value in named_parts(subject))
    return (
        f"printf '{template}' > {stem}.tmpl",
        f"certtool --generate-privkey --key-type ecdsa --curve secp256r1 --outfile {stem}.key",
        f"certtool --generate-request --template {stem}.tmpl --load-privkey {stem}.key --outfile {stem}.csr",
    )


def step(subject: SubjectName, stem: str) -> str:
    """Smallstep's step, which takes the common name alone."""
    return (
        f'step certificate create --csr --kty EC --curve P-256 --no-password --insecure "{subject.common_name}" '
        f"{stem}.csr {stem}.key"
    )
