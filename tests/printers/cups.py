"""A CUPS of its own for tests: a queue whose back end keeps each job as a file, at 127.0.0.1."""

import datetime as dt
import ipaddress
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SERVER = """
Listen 127.0.0.1:{port}
ServerName localhost
ServerAlias *
Browsing Off
WebInterface No
DefaultAuthType None
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""
FILES = """
ServerRoot {folder}/etc
ServerBin {folder}/bin
RequestRoot {folder}/spool
CacheDir {folder}/cache
StateDir {folder}/state
TempDir {folder}/tmp
ServerKeychain {folder}/etc
AccessLog {folder}/log/access
ErrorLog {folder}/log/error
PageLog {folder}/log/page
SystemGroup root
"""
QUEUE = """
<Printer {name}>
Info {name}
DeviceURI {back_end}:/
State Idle
Type 4
Accepting {accepting}
JobSheets none none
OpPolicy default
ErrorPolicy abort-job
</Printer>
"""
KEEP = """#!/bin/sh
[ $# -eq 0 ] && exit 0
cat "$6" > "{folder}/out/.$1" && mv "{folder}/out/.$1" "{folder}/out/$(printf %06d "$1")"
"""
FAIL = "#!/bin/sh\n[ $# -eq 0 ] && exit 0\nexit 1\n"


class Cups:
    """A running CUPS."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    def uri(self, scheme: str, queue: str = "labels") -> str:
        """The address of a queue."""
        if scheme == "ipps":
            return f"ipps://localhost:{self.port}/printers/{queue}?ca={self.certificate}"
        return f"ipp://127.0.0.1:{self.port}/printers/{queue}"

    @property
    def certificate(self) -> Path:
        """What it shows who asks over TLS; it has signed it itself."""
        return self.folder / "etc" / "localhost.crt"

    def documents(self) -> list[bytes]:
        """What its queue has passed on, oldest first."""
        return [path.read_bytes() for path in sorted((self.folder / "out").glob("[0-9]*"))]

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "log" / "error").read_text())


@contextmanager
def running_cups(folder: Path) -> Iterator[Cups]:
    """Start one in an empty folder and stop it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name in ("etc", "bin/backend", "spool", "cache", "state", "tmp", "log", "out"):
        (folder / name).mkdir(parents=True)
    (folder / "bin" / "daemon").symlink_to("/usr/lib/cups/daemon")
    (folder / "etc" / "cupsd.conf").write_text(SERVER.format(port=port))
    (folder / "etc" / "cups-files.conf").write_text(FILES.format(folder=folder))
    queues = [("labels", "keep", "Yes"), ("broken", "fail", "Yes"), ("closed", "keep", "No")]
    (folder / "etc" / "printers.conf").write_text(
        "".join(QUEUE.format(name=n, back_end=b, accepting=a) for n, b, a in queues)
    )
    for name, script in (("keep", KEEP), ("fail", FAIL)):
        path = folder / "bin" / "backend" / name
        path.write_text(script.format(folder=folder))
        path.chmod(0o700)  # a back end that only root may run is run by root
    for name in ("spool", "cache", "state", "tmp"):
        if os.geteuid() == 0:
            os.chown(folder / name, 0, pwd.getpwnam("lp").pw_gid)
        (folder / name).chmod(0o770)
    sign(folder / "etc")
    files = folder / "etc" / "cups-files.conf"
    program = shutil.which("cupsd", path="/usr/sbin:/usr/bin") or "cupsd"
    command = [program, "-f", "-c", str(folder / "etc" / "cupsd.conf"), "-s", str(files)]
    with (folder / "log" / "said").open("wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    cups = Cups(folder, port)
    try:
        cups.wait()
        yield cups
    finally:
        process.terminate()
        process.wait(10)


def sign(folder: Path) -> None:
    """Put a certificate for localhost and its key where CUPS looks for them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    places = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(places), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "localhost.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "localhost.key").write_bytes(private)
