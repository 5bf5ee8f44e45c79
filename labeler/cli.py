"""labeler: one command = one verb. Exit codes are in EXIT_CODES and in docs/commands.md."""

import gc
import sys
from pathlib import Path

import click

from labeler import __version__, logs
from labeler.commands import (
    accounts,
    auditing,
    certificates,
    checking,
    demo,
    exports,
    generating,
    jobs,
    labels,
    leases,
    pools,
    printing,
    quality,
    recalls,
    reprints,
    runs,
    safekeeping,
    serials,
    series,
    showing,
    sites,
    stocks,
    templates,
    units,
)
from labeler.errors import BAD_CONFIG, Refusal

EXIT_CODES = {
    0: "done",
    1: "refused: the sentence says why; or, for `check`, no serial that is right here; or, for "
    "`issue --wait`, not all printed; or, for `series lint` and `template lint`, an error was "
    "found; or, for `label show`, a label has other bytes now than were sent; or, for "
    "`printer check`, something is not as it should be; or, for `verify`, the label is not "
    "ok; or, for `certificate verify`, it is not valid; or, for `site status`, the site is "
    "locked; or, for `audit verify`, something is not as it was sealed",
    2: "the command was called wrongly",
    3: "the configuration or a template is wrong",
    4: "the service or its database is not available",
    5: "a bug; the log says more",
}


def exit_code(refusal: Refusal) -> int:
    """Return the exit code that tells a script what kind of refusal it was."""
    if refusal.kind.number == BAD_CONFIG.number:
        return 3
    return 4 if refusal.kind.status == 503 else 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="labeler")
@click.option(
    "--config",
    "config_file",
    envvar="LABELER_CONFIG",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("config.yaml"),
    show_default=True,
    help="The site's config.yaml; also LABELER_CONFIG.",
)
@click.pass_context
def cli(context: click.Context, config_file: Path) -> None:
    """Serial numbers and labels for production lines."""
    context.obj = config_file


for command in (
    sites.init,
    sites.serve,
    demo.demo,
    sites.db,
    safekeeping.site,
    safekeeping.backup,
    safekeeping.restore,
    runs.run,
    serials.issue,
    checking.check,
    jobs.job,
    serials.doubtful,
    reprints.reprint,
    generating.serial,
    series.series,
    templates.template,
    labels.label,
    stocks.stock,
    pools.pool,
    leases.lease,
    units.unit,
    printing.printer,
    quality.verify,
    quality.verifications,
    quality.range_,
    recalls.recall,
    exports.export,
    certificates.certificate,
    auditing.audit,
    accounts.account,
    accounts.key,
):
    cli.add_command(command)
generating.serial.add_command(checking.check)
generating.serial.add_command(showing.show)


def main() -> None:
    """Run the command line; end with one of EXIT_CODES."""
    # Nothing that is loaded goes away again, and looking for it takes a sixth of a command's time.
    gc.set_threshold(50_000)
    logs.configure(level="warning", form="auto")
    try:
        cli.main(prog_name="labeler", standalone_mode=True)
    except Refusal as refusal:
        click.echo(f"labeler: {refusal.sentence}", err=True)
        if refusal.hint:
            click.echo(refusal.hint, err=True)
        sys.exit(exit_code(refusal))
    except Exception as error:  # noqa: BLE001 the last resort: a sentence, not a stack trace
        click.echo(f"labeler: failed: {type(error).__name__}: {error}", err=True)
        click.echo("This is a bug. Set LABELER__LOG__LEVEL=debug and send the log.", err=True)
        sys.exit(5)
