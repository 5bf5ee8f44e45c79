"""labeler unit: orders, the list, the life of one."""

from pathlib import Path

from tests.commands.answers import Run
from tests.production.record import serials

OWN = serials(1, 3)


def test_units_are_changed_listed_and_shown(run: Run, tmp_path: Path) -> None:
    run("run", "open", "AC-100", "line-1", 10)
    assert run("issue", "line-1", "-n", 3, "--no-print").exit_code == 0
    said = ("--operator", "mk", "--location", "Hall 1")
    made = run("unit", "commission", OWN[0], OWN[1], *said, "--key", "c1")
    assert (made.exit_code, made.output) == (0, "commission: 2 of 2 units.\n")
    made = run("unit", "commission", OWN[0], OWN[1], *said, "--key", "c1")
    assert "Replayed" in made.output
    listed = tmp_path / "list.txt"
    listed.write_text(f"{OWN[0]}\nNOBODY\n")
    made = run("unit", "move", "--file", listed, *said)
    assert made.exit_code == 1
    assert "line 2: Serial 'NOBODY' was never issued here." in made.output
    found = run("unit", "list", "--state", "commissioned", "--sort", "serial", "--limit", 1)
    assert OWN[0] in found.output
    assert OWN[1] not in found.output
    assert "unit_commissioned" in run("unit", "show", OWN[0]).output
    assert run("unit", "list", "--owner", "nobody").output == "No units.\n"
    assert run("unit", "move", *said).exit_code == 2
