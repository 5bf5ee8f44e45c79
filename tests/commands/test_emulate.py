"""labeler printer emulate: what it says, and that Ctrl-C ends it."""

import json
import signal
import sys
import urllib.request
from pathlib import Path

from printers import transports
from printers.emulator.faults import KINDS
from tests.commands.answers import Run, said
from tests.documents import free_port
from tests.e2e.harness import Process, wait_until
from tests.printers.emulated import label, labels


def emulating(folder: Path, *words: str) -> Process:
    """Return the process of a virtual printer that has said where it is."""
    command = [sys.executable, "-m", "labeler", "printer", "emulate", "--label-time", "0", *words]
    return Process(command, out=folder / "printer.out")


def lines(process: Process) -> list[str]:
    """Return what it has said, without the times."""
    return [line.split("  ", 1)[-1] for line in process.out.read_text().splitlines()]


def test_it_says_a_line_a_label_and_what_goes_wrong_until_ctrl_c(tmp_path: Path) -> None:
    port, page, kept = free_port(), free_port(), tmp_path / "kept"
    words = ("--port", port, "--page", page, "--folder", str(kept))
    faults = ("--fault", "in label 2: media-out for 0.05 s", "--dpi", "300")
    with emulating(tmp_path, *words, *faults) as process:
        wait_until(lambda: len(lines(process)) == 3)
        with transports.connect(f"tcp://127.0.0.1:{port}", timeout_s=2) as connection:
            connection.write(labels(1, 2) + b"~HI", name="test", timeout_s=2)
            assert b",12," in connection.read(timeout_s=2)
            wait_until(lambda: "label 2  27 bytes  label 2" in lines(process))
            with urllib.request.urlopen(f"http://127.0.0.1:{page}/state.json") as answer:
                assert json.load(answer)["label_count"] == 2
        wait_until(lambda: "client gone" in lines(process))
        process.send(signal.SIGINT)
        assert process.wait() == 0
    assert process.err.read_text() == ""
    assert sorted(lines(process)) == sorted(
        [
            f"Virtual printer at tcp://127.0.0.1:{port}, keeping labels in {kept}. Ctrl-C ends it.",
            f"Look at it: http://127.0.0.1:{page}/",
            "Will happen: in label 2: media-out for 0.05 s",
            "client connected",
            "label 1  27 bytes  label 1",
            "fault: in label 2: media-out for 0.05 s",
            "media-out",
            "torn label  27 bytes  label 2",
            "media-out is over",
            "label 2  27 bytes  label 2",
            "client gone",
            "Ended.",
        ]
    )
    assert (kept / "label-000001.zpl").read_bytes() == label(1)
    assert len((kept / "book.jsonl").read_text().splitlines()) == 3


def test_on_a_serial_line_it_is_found_by_its_link(tmp_path: Path) -> None:
    link = tmp_path / "printer"
    with emulating(tmp_path, "--pty", "--link", str(link), "--baud", "115200") as process:
        uri = f"serial://{link}?baudrate=115200&flow=xonxoff"
        wait_until(lambda: lines(process) == [f"Virtual printer at {uri}. Ctrl-C ends it."])
        with transports.connect(uri, timeout_s=2) as connection:
            connection.write(label(1), name="test", timeout_s=2)
            wait_until(lambda: "label 1  27 bytes  label 1" in lines(process))
        process.send(signal.SIGINT)
        assert process.wait() == 0
    assert not link.is_symlink()


def test_ended_by_a_service_manager_it_takes_its_link_away(tmp_path: Path) -> None:
    link = tmp_path / "printer"
    with emulating(tmp_path, "--pty", "--link", str(link)) as process:
        wait_until(lambda: lines(process))
        process.send(signal.SIGTERM)
        assert process.wait() == 0
    assert (lines(process)[-1], link.is_symlink()) == ("Ended.", False)


def test_it_lists_what_can_go_wrong(run: Run) -> None:
    code, text = said(run("printer", "emulate", "--fault", "list"))
    assert code == 0
    assert [line.split()[0] for line in text.splitlines()] == list(KINDS)


def test_a_fault_that_is_none_is_a_wrong_call(run: Run) -> None:
    result = run("printer", "emulate", "--fault", "in label 3: pause")
    assert result.exit_code == 2
    assert (
        "Invalid value for --fault: Fault 'in label 3: pause' comes between labels only: expected "
        "'after 2 labels: pause'." in result.stderr
    )


def test_a_link_without_a_serial_line_is_a_wrong_call(run: Run) -> None:
    result = run("printer", "emulate", "--link", "printer")
    assert result.exit_code == 2
    assert "--link is a link to a serial line: it goes with --pty." in result.stderr
