"""What the clients, the printer and the record say, and whether they agree."""

from dataclasses import dataclass, field
from typing import Any

from printers.emulator import VirtualPrinter
from tests.e2e.harness import Api, SiteFolder, scan_pdf, scan_zpl, symbols


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a client got for one sending of a key."""

    key: str
    status: int
    """201: served now; 200: served before."""
    reply: dict[str, Any]
    tries: int = 1
    """How often it was sent until it was answered."""


@dataclass(kw_only=True)
class ClientsBook:
    """What all clients were told."""

    answers: list[Answer] = field(default_factory=list)

    def replies(self, run: int) -> dict[str, dict[str, Any]]:
        """Return the reply of each key, after checking that it was always the same one."""
        found: dict[str, dict[str, Any]] = {}
        for answer in self.answers:
            reply = answer.reply
            assert reply == {
                "serials": reply["serials"],
                "run": run,
                "job": reply["job"],
                "replayed": answer.status == 200,
            }
            kept = {"serials": reply["serials"], "job": reply["job"]}
            assert found.setdefault(answer.key, kept) == kept, answer.key
        return found


def one_serial(scanned: list[tuple[str, str]]) -> str:
    """Return the serial on a label, after checking that both its codes carry it."""
    assert scanned, "nothing scans on this label"
    assert scanned == symbols(scanned[0][1])
    return scanned[0][1]


def printed(printer: VirtualPrinter) -> list[str]:
    """Return the serials of the labels that came out of the printer, in order."""
    return [one_serial(scan_zpl(label)) for label in printer.labels]


def archived(site: SiteFolder) -> list[str]:
    """Return the serials of all pages in the archive's folder."""
    documents = sorted((site.folder / "data" / "pdf").glob("*.pdf"))
    return [one_serial(page) for path in documents for page in scan_pdf(path.read_bytes())]


def shown(api: Api, job_id: int) -> list[str]:
    """Return the serials in the PDF that the API makes of a job."""
    return [one_serial(page) for page in scan_pdf(api.get_bytes(f"/jobs/{job_id}/labels.pdf"))]
