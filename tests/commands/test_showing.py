"""serial show: the history of a serial."""

import json

from tests import plants
from tests.commands.answers import Run, refusal, said

AT = "2026-11-23T12:00:00.000Z"


def test_history_of_a_serial_tells_its_unit_its_labels_and_what_happened(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5, "--lot", "L42")
    run("issue", "line-1", "--key", "plc1-1")
    run("job", "cancel", 1, "--reason", "wrong lot", "--operator", "mk")
    code, shown = said(run("serial", "show", plants.FIRST))
    blocks = [
        [" ".join(line.split()) for line in block.splitlines()] for block in shown.split("\n\n")
    ]
    assert code == 0
    assert blocks == [
        [
            f"serial {plants.FIRST}",
            "state allocated",
            "product AC-100",
            "line line-1",
            "run 1",
            "number 1",
            "lot L42",
            f"allocated at {AT}",
        ],
        [
            "id job purpose reason copy printer state sent at settled at",
            f"1 1 print 0 zebra-1 not_printed {AT}",
        ],
        [
            "at kind channel label detail",
            f"{AT} allocated http key: plc1-1; serial: {plants.FIRST}",
            f"{AT} label_not_printed http 1 reason: wrong lot; operator: mk",
        ],
    ]
    found = json.loads(said(run("serial", "show", plants.FIRST, "--json"))[1])
    assert found["forms"]["serial.text"] == plants.FIRST
    assert refusal(run("serial", "show", "X")) == (3001, "Serial 'X' was never issued here.")
