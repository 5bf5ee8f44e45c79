"""The command line as a script meets it: output, exit codes, with a service and without one."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from typing import Any

import pytest

from labeler import store
from printers.emulator import VirtualPrinter
from tests.e2e.harness import (
    ROOT,
    Process,
    Ran,
    SiteFolder,
    environment,
    labeler,
    labeler_command,
    make_site,
    serving,
    wait_until,
)

ALONE = re.compile(r"No service runs[^\n]*\n")
"""What a command says beyond its result where no service runs."""
UNLIKE = ("state", "reasons", "sentence", "since", "labels_waiting", "uri")
"""What only a running service knows of a printer, and what differs between two sites."""

WALK = [
    (0, "run open AC-100 line-1 500 --lot L42 --attribute revision=C"),
    (1, "run open AC-100 line-1 50"),
    (0, "issue line-1 -n 3 --key k-1"),
    (0, "issue line-1 -n 3 --key k-1 --json"),
    (1, "issue line-1 -n 2 --key k-1"),
    (0, "issue line-1 -n 120 --no-print --json"),
    (1, "check AC2632700001 --json"),
    (1, "check AC2632700001"),
    (0, "job show 1"),
    (0, "job show 1 --json"),
    (1, "job show 99"),
    (0, "doubtful list"),
    (0, "doubtful list --json"),
    (0, "printer status --json"),
    (0, "run show 1 --json"),
    (0, "run close 1"),
    (0, "run list --json"),
    (1, "issue line-1"),
]
"""What a script might do, and the exit codes it meets. No printer is there: labels stay queued."""


def said(found: Ran) -> tuple[Any, str]:
    """Return what a command said, without the moment at which it did."""
    try:
        out = plain(json.loads(found.out))
    except ValueError:
        out = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", "TIME", found.out)
    return out, ALONE.sub("", found.err)


def _is_time(name: str) -> bool:
    return name == "at" or name.endswith("_at")


def plain(content: Any) -> Any:
    """Return JSON without times and without what differs between two sites."""
    if isinstance(content, list):
        return [plain(item) for item in content]
    if not isinstance(content, dict):
        return content
    kept = {name: plain(value) for name, value in content.items() if not _is_time(name)}
    if "emulated" in kept:
        kept = {name: value for name, value in kept.items() if name not in UNLIKE}
    return kept


def test_commands_do_the_same_with_a_service_and_without_one(tmp_path):
    beside, alone = make_site(tmp_path / "beside"), make_site(tmp_path / "alone")
    with serving(beside):
        for code, command in WALK:
            with_service = labeler(beside, *command.split())
            without = labeler(alone, *command.split())
            assert (with_service.code, without.code) == (code, code), command
            assert said(with_service) == said(without), command
            assert ("--json" in command) == (not isinstance(said(without)[0], str)), command
            assert "No service runs" not in with_service.err


def on_a_terminal(site: SiteFolder, *words: str) -> list[str]:
    """Return the lines that a command writes on a terminal of 100 columns."""
    ours, terminal = pty.openpty()
    environ = {**environment(), "COLUMNS": "100", "TERM": "dumb"}
    command = labeler_command(site, *words)
    with subprocess.Popen(command, stdout=terminal, env=environ, cwd=site.folder) as running:
        os.close(terminal)
        written = b""
        while part := read_terminal(ours):
            written += part
        running.wait(60)
    os.close(ours)
    return [line.rstrip() for line in written.decode().splitlines()]


def read_terminal(terminal: int) -> bytes:
    """Return what is there; nothing at its end, which Linux tells as an error."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_a_misread_serial_gets_a_caret_under_what_differs_on_a_terminal(tmp_path):
    site = make_site(tmp_path / "site")
    labeler(site, "run", "open", "AC-100", "line-1", "5")
    serial = labeler(site, "issue", "line-1", "--no-print").out.strip()
    misread = f"{serial[:8]}O{serial[9:]}"
    shown = on_a_terminal(site, "check", misread)
    assert shown[-3:] == [
        "serial         state      run  product  line    kind        position",
        f"{serial}  allocated  1    AC-100   line-1  confusable  9",
        "        ^",
    ]


def test_a_serial_that_was_issued_checks_with_exit_code_0(tmp_path):
    site = make_site(tmp_path / "site")
    labeler(site, "run", "open", "AC-100", "line-1", "5")
    serial = labeler(site, "issue", "line-1", "--no-print").out.strip()
    assert labeler(site, "check", serial) == Ran(
        code=0,
        out=f"Serial '{serial}' was issued by run 1 (AC-100 on line-1); its unit is allocated.\n",
        err="",
    )


HEAVY = {"alembic", "flask", "httpx", "PIL", "pydantic", "reportlab", "sqlalchemy"}


def imported(site: SiteFolder, *words: str) -> set[str]:
    """Return the packages that a command imports."""
    command = [sys.executable, "-X", "importtime", "-m", "labeler", "--config", str(site.config)]
    ran = subprocess.run(
        [*command, *words], env=environment(), capture_output=True, text=True, check=True
    )
    names = (line.rpartition("|")[2].strip() for line in ran.stderr.splitlines())
    return {name.partition(".")[0] for name in names}


def test_help_imports_none_of_the_heavy_libraries(tmp_path):
    site = make_site(tmp_path / "site")
    assert "click" in imported(site, "--help")
    for words in (
        ["--help"],
        ["run", "--help"],
        ["check", "--help"],
        ["printer", "--help"],
        ["pool", "import", "--help"],
    ):
        assert imported(site, *words, "--help") & HEAVY == set()


def test_a_command_imports_what_draws_labels_and_what_serves_only_where_it_does(tmp_path):
    site = make_site(tmp_path / "site")
    assert imported(site, "run", "list") & {"PIL", "reportlab", "waitress"} == set()
    with serving(site):
        unneeded = {"PIL", "reportlab", "waitress", "flask", "flask_openapi"}
        assert imported(site, "run", "list") & unneeded == set()


@pytest.mark.parametrize(
    "command",
    [
        ("nonsense",),
        ("issue",),
        ("issue", "line-1", "-n", "0"),
        ("run", "open", "AC-100", "line-1", "many"),
        ("run", "open", "AC-100", "line-1", "5", "--attribute", "revision"),
        ("doubtful", "resolve", "1", "eat", "--reason", "r", "--operator", "mk"),
        ("printer", "emulate", "--port", "0"),
        ("pool", "import", "controller-sn"),
        ("pool", "import", "controller-sn", "config.yaml", "--tac", "35209900"),
        ("pool", "import", "controller-sn", "--tac", "35209900", "--numbers", "1-2"),
        ("pool", "return", "controller-sn", "--reason", "r", "--operator", "mk", "--out", "x"),
    ],
    ids=" ".join,
)
def test_a_command_called_wrongly_ends_with_exit_code_2(tmp_path, command):
    found = labeler(make_site(tmp_path / "site"), *command)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("Usage: labeler")


def test_a_wrong_configuration_ends_with_exit_code_3_and_names_the_key(tmp_path):
    site = make_site(tmp_path / "site")
    site.change("http", prot=8080)
    for command in (("serve",), ("run", "list"), ("db", "upgrade")):
        found = labeler(site, *command)
        assert (found.code, found.out) == (3, "")
        assert re.match(rf"labeler: {re.escape(str(site.config))}:\d+: http.prot is not", found.err)


def test_a_missing_configuration_ends_with_exit_code_3(tmp_path):
    site = make_site(tmp_path / "site")
    site.config.unlink()
    assert labeler(site, "run", "list") == Ran(
        code=3,
        out="",
        err=f"labeler: There is no {site.config}.\n"
        "Name the site's config.yaml with --config, or make a site: labeler init DIR.\n",
    )


def test_a_database_held_by_something_without_an_address_ends_with_exit_code_4(tmp_path):
    site = make_site(tmp_path / "site")
    url = f"sqlite:///{site.folder / 'data' / 'labeler.db'}"
    with store.sqlite.hold(url, who="a backup", address=""):
        found = labeler(site, "run", "list")
    assert (found.code, found.out) == (4, "")
    assert "(a backup, no address, since " in found.err
    assert labeler(site, "run", "list") == Ran(code=0, out="No runs.\n", err="")


def test_a_service_that_does_not_answer_ends_a_command_with_exit_code_4(tmp_path):
    site = make_site(tmp_path / "site")
    url = f"sqlite:///{site.folder / 'data' / 'labeler.db'}"
    with store.sqlite.hold(url, who="labeler serve", address=site.url):
        found = labeler(site, "run", "list")
    assert (found.code, found.out) == (4, "")
    assert found.err.startswith(f"labeler: The service at {site.url}")


def test_a_new_site_in_an_empty_folder_serves_and_prints(tmp_path):
    site = make_site(tmp_path / "ports")  # only its ports are used
    new = SiteFolder(
        folder=tmp_path / "new", http_port=site.http_port, printer_port=site.printer_port
    )
    found = labeler(site, "init", str(new.folder))
    assert found == Ran(
        code=0,
        out=f"Made a site in {new.folder}: config.yaml and 10 templates.\n"
        f"Next: labeler --config {new.config} serve\n",
        err="",
    )
    text = new.config.read_text()
    text = text.replace("8080", str(new.http_port)).replace("9100", str(new.printer_port))
    new.config.write_text(text)
    with serving(new) as (_, api):
        api.open_run(5)
        reply = api.issue("k", 2)
        api.wait_for_job(reply["job"], "completed")
        api.wait_until_settled()
    made = sorted(path.name for path in (new.folder / "data" / "virtual" / "zebra-1").iterdir())
    assert made == ["label-000001.zpl", "label-000002.zpl"]
    made = sorted(path.suffix for path in (new.folder / "data" / "pdf").iterdir())
    assert made == [".csv", ".pdf"]


def test_a_site_is_not_made_over_another(tmp_path):
    site = make_site(tmp_path / "site")
    before = site.config.read_bytes()
    found = labeler(site, "init", str(site.folder))
    assert found == Ran(
        code=3,
        out="",
        err=f"labeler: {site.config} exists already.\n"
        "Choose an empty folder, or move that file away.\n",
    )
    assert site.config.read_bytes() == before


def test_a_virtual_printer_is_a_process_of_its_own(tmp_path):
    site = make_site(tmp_path / "site")
    kept = tmp_path / "kept"
    port = str(site.printer_port)
    command = labeler_command(
        site, "printer", "emulate", "--port", port, "--folder", str(kept), "--label-time", "0"
    )
    with Process(command, out=tmp_path / "printer.out") as printer:
        with serving(site) as (_, api):
            api.open_run(10)
            reply = api.issue("k", 3)
            api.wait_for_job(reply["job"], "completed")
        wait_until(lambda: "  label 3  " in printer.out.read_text())
        printer.send(signal.SIGINT)
        assert printer.wait() == 0
    assert printer.err.read_text() == ""
    lines = printer.out.read_text().splitlines()
    assert lines[0] == (
        f"Virtual printer at tcp://127.0.0.1:{port}, keeping labels in {kept}. Ctrl-C ends it."
    )
    assert lines[-1] == "Ended."
    assert len(list(kept.glob("label-*.zpl"))) == 3


def test_a_virtual_printer_on_a_taken_port_says_so(tmp_path):
    site = make_site(tmp_path / "site", emulated=True)
    with serving(site):
        found = labeler(site, "printer", "emulate", "--port", str(site.printer_port))
    assert found.code == 1
    assert f"cannot listen at 127.0.0.1:{site.printer_port}" in found.err


def test_issue_waits_until_the_labels_are_printed(tmp_path):
    site = make_site(tmp_path / "site", emulated=True)
    with serving(site) as (_, api):
        api.open_run(10)
        found = labeler(site, "issue", "line-1", "-n", "3", "--wait", "--json")
        assert found.code == 0
        assert api.job(json.loads(found.out)["job"])["state"] == "completed"


def test_printer_status_beside_a_service_on_postgresql_says_who_knows_the_states(
    tmp_path, postgres_url
):
    site = make_site(tmp_path / "site", database_url=postgres_url)
    with serving(site):
        found = labeler(site, "printer", "status")
    assert [line.split()[1] for line in found.out.splitlines()[1:]] == ["unknown", "unknown"]
    assert found.err == "The service that runs knows their states: GET /api/v1/printers there.\n"


def test_printers_that_nobody_can_ask_send_nobody_to_the_service_that_was_asked(tmp_path):
    site = make_site(tmp_path / "site", emulated=True)
    with serving(site):
        found = labeler(site, "printer", "list")
    assert [line for line in found.out.splitlines() if line.startswith("archive: ")] == [
        "archive: It cannot be asked how it is; its state shows when it prints."
    ]
    assert (found.code, found.err) == (0, "")


def test_issue_that_waits_says_which_labels_are_not_known_to_be_printed(tmp_path):
    with VirtualPrinter(port=0) as printer:
        printer.accept_and_never_print(True)
        site = make_site(tmp_path / "site", printer_port=printer.port)
        with serving(site) as (_, api):
            api.open_run(10)
            found = labeler(site, "issue", "line-1", "-n", "3", "--wait")
            serials = [one["serial"] for one in api.get("/doubtful")["doubtful"]]
    assert (found.code, found.out.splitlines()) == (1, serials)
    assert found.err == "3 of 3 labels of job 1 are not known to be printed: labeler job show 1\n"


def test_issue_that_waits_in_vain_has_shown_what_it_issued_and_says_why_it_waits(tmp_path):
    site = make_site(tmp_path / "site")  # nobody listens at its printer's port
    with serving(site) as (service, api):
        api.open_run(10)
        waiting = Process(
            labeler_command(site, "issue", "line-1", "-n", "2", "--wait"), out=tmp_path / "out"
        )
        with waiting:
            shown = wait_until(lambda: waiting.out.read_text().splitlines())
            why = wait_until(lambda: waiting.err.read_text().splitlines())
            service.kill()
            assert waiting.wait() == 4
    assert [len(serial) for serial in shown] == [13, 13]
    address = f"tcp://127.0.0.1:{site.printer_port}"
    assert why[0].startswith(f"Job 1 waits for zebra-1: Printer {address} cannot be reached: ")


def test_the_module_runs_as_a_program_from_any_folder(tmp_path):
    site = make_site(tmp_path / "site")
    found = subprocess.run(
        labeler_command(site, "run", "list"),
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=environment(),
        timeout=60,
    )
    assert (found.stdout, found.stderr) == ("No runs.\n", "")
    assert sys.executable in labeler_command(site)
    assert (ROOT / "config.yaml").is_file()
