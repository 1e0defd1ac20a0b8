"""What people are told to run makes the request that is wanted: with the real tool, where it exists here."""

import configparser
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.errors import PrivateKeySent
from bot.pki import request_lines
from bot.pki.requests import RequestFile, SubjectName, read_request

SUBJECT = SubjectName("my laptop.2", "Anna B", "Latchkey abcdefgh")
NAMELESS = SubjectName("my laptop.2", "", "Latchkey abcdefgh")
STEM = "my-laptop.2"
BOTH = pytest.mark.parametrize("subject", [SUBJECT, NAMELESS], ids=["with-o", "without-o"])


def needs(tool: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed: apt-get install {package}")


def run(line: str, folder: Path, *, shell: str = "/bin/sh") -> None:
    subprocess.run([shell, "-c", line], cwd=folder, check=True, capture_output=True)


def made(folder: Path, subject: SubjectName) -> RequestFile:
    taken = read_request((folder / f"{STEM}.csr").read_bytes(), subject)
    assert taken.is_asked
    assert not taken.more_names
    return taken


@needs("openssl", "openssl")
@BOTH
def test_the_command_makes_a_request_that_is_accepted(tmp_path: Path, subject: SubjectName) -> None:
    command = request_lines.openssl(subject, STEM)
    assert "\n" not in command
    run(command, tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"{STEM}.csr", f"{STEM}.key"]
    made(tmp_path, subject)
    with pytest.raises(PrivateKeySent):
        read_request((tmp_path / f"{STEM}.key").read_bytes(), subject)


def test_a_shell_reads_the_subject_as_one_word() -> None:
    assert "/CN=my laptop.2/O=Anna B/OU=Latchkey abcdefgh" in shlex.split(request_lines.openssl(SUBJECT, STEM))


@needs("openssl", "openssl")
def test_the_curve_is_named_even_where_it_would_not_be(tmp_path: Path) -> None:
    """As on a Mac, whose LibreSSL spells curves out unless it is told otherwise."""
    words = shlex.split(request_lines.openssl(SUBJECT, STEM))
    at = words.index("ec_param_enc:named_curve")
    spelt = [*words[: at - 1], "-pkeyopt", "ec_param_enc:explicit", *words[at - 1 :]]
    subprocess.run(spelt, cwd=tmp_path, check=True, capture_output=True)
    made(tmp_path, SUBJECT)


@needs("bash", "bash")
@needs("openssl", "openssl")
@BOTH
def test_the_line_for_git_bash(tmp_path: Path, subject: SubjectName) -> None:
    """Git Bash itself runs on Windows alone: here it is that bash takes the line, and that the switch is there."""
    line = request_lines.git_bash(subject, STEM)
    assert line.startswith("MSYS_NO_PATHCONV=1 openssl req ")
    run(line, tmp_path, shell=shutil.which("bash") or "bash")
    made(tmp_path, subject)


@needs("keytool", "default-jre-headless")
def test_the_lines_for_keytool(tmp_path: Path) -> None:
    for line in request_lines.keytool(SUBJECT, STEM):
        run(f"{line} -storepass changeit", tmp_path)
    made(tmp_path, SUBJECT)


@needs("certtool", "gnutls-bin")
@BOTH
def test_the_lines_for_certtool(tmp_path: Path, subject: SubjectName) -> None:
    for line in request_lines.certtool(subject, STEM):
        run(line, tmp_path)
    made(tmp_path, subject)


def test_the_line_for_step_has_what_its_manual_asks_for() -> None:
    """``step certificate create <subject> <crt-file> <key-file>``; without --no-password it asks for one."""
    words = shlex.split(request_lines.step(SUBJECT, STEM))
    assert words[:3] == ["step", "certificate", "create"]
    assert words[-3:] == ["my laptop.2", f"{STEM}.csr", f"{STEM}.key"]
    assert words[words.index("--kty") + 1 : words.index("--kty") + 4] == ["EC", "--curve", "P-256"]
    assert {"--csr", "--no-password", "--insecure"} < set(words)


def inf(subject: SubjectName) -> configparser.ConfigParser:
    """The .inf as Windows' own reader of such files would have it: sections, and values in quotes or without."""
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string("\n".join(request_lines.certreq_inf(subject)))
    return read


@BOTH
def test_the_inf_for_certreq_has_the_right_fields(subject: SubjectName) -> None:
    """Names and values are those of Microsoft's reference of certreq."""
    read = inf(subject)
    assert dict(read["Version"]) == {"Signature": '"$Windows NT$"'}
    wanted = dict(read["NewRequest"])
    name = wanted.pop("Subject").strip('"')
    assert [tuple(part.split("=")) for part in name.split(", ")] == list(request_lines.named_parts(subject))
    assert wanted == {
        "RequestType": "PKCS10",
        "ProviderName": '"Microsoft Software Key Storage Provider"',
        "KeyAlgorithm": "ECDSA_P256",
        "KeyLength": "256",
        "HashAlgorithm": "SHA256",
        "KeyUsage": "0x80",
        "Exportable": "FALSE",
        "MachineKeySet": "FALSE",
        "Silent": "TRUE",
    }


@BOTH
def test_powershell_writes_that_inf_and_runs_certreq_on_it(subject: SubjectName) -> None:
    """In single quotes PowerShell expands nothing; a comma between them makes a list, one line each in the file."""
    line = request_lines.powershell(subject, STEM)
    assert "\n" not in line
    written, separator, then = line.partition(f" | Set-Content {STEM}.inf; ")
    assert separator
    assert then == f"certreq -new {STEM}.inf {STEM}.csr"
    assert written == ",".join(f"'{one}'" for one in request_lines.certreq_inf(subject))
    assert all("'" not in one for one in request_lines.certreq_inf(subject))


def test_the_key_of_every_way_is_p256() -> None:
    assert "prime256v1" in request_lines.openssl(SUBJECT, STEM)
    assert "ECDSA_P256" in request_lines.powershell(SUBJECT, STEM)
    assert all(
        "secp256r1" in lines
        for lines in (request_lines.keytool(SUBJECT, STEM)[0], request_lines.certtool(SUBJECT, STEM)[1])
    )
