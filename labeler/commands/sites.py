"""labeler init | serve | db upgrade."""

import shutil
from pathlib import Path

import click

from labeler.errors import BAD_CONFIG, Refusal

SAMPLES = Path(__file__).parent.parent / "samples"
"""Where the wheel keeps its sample site; a checkout is its own sample."""
DEMO = Path(__file__).parent.parent / "demo" / "config.yaml"
"""The plant of `init --demo`."""


def sample_folder() -> Path:
    """Return the folder with the sample config.yaml and templates/."""
    return SAMPLES if SAMPLES.is_dir() else SAMPLES.parent.parent


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--demo", "is_demo", is_flag=True, help="A plant of three lines, for `labeler demo`.")
def init(directory: Path, is_demo: bool) -> None:
    """Make a new site in DIRECTORY: config.yaml and templates/. Nothing is overwritten."""
    samples = sample_folder()
    wanted = [Path("config.yaml"), *_templates(samples)]
    taken = [name for name in wanted if (directory / name).exists()]
    if taken:
        raise Refusal(
            BAD_CONFIG,
            f"{directory / taken[0]} exists already.",
            hint="Choose an empty folder, or move that file away.",
        )
    for name in wanted:
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        is_config = name == Path("config.yaml")
        shutil.copyfile(DEMO if is_demo and is_config else samples / name, target)
    count = sum(name.suffix == ".yaml" for name in wanted) - 1
    click.echo(f"Made a site in {directory}: config.yaml and {count} templates.")
    verb = "demo" if is_demo else "serve"
    click.echo(f"Next: labeler --config {directory / 'config.yaml'} {verb}")


def _templates(samples: Path) -> list[Path]:
    """Return the templates and the pictures that they show."""
    files = (path for path in (samples / "templates").iterdir() if path.is_file())
    return sorted(path.relative_to(samples) for path in files)


@click.command()
@click.pass_obj
def serve(config_file: Path) -> None:
    """Serve the site until SIGTERM or Ctrl-C; then finish what is in work."""
    from labeler import app, logs, serving

    settings, _, _ = app.load(config_file)
    logs.configure(level=settings.log.level, form=settings.log.format)
    serving.serve(config_file, tell=lambda sentence: click.echo(sentence, err=True))


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@click.pass_obj
def upgrade(config_file: Path) -> None:
    """Bring the database to the schema of this version. `serve` does the same."""
    from labeler import app, store

    settings, _, _ = app.load(config_file)
    engine = store.make_engine(settings.database.url)
    try:
        with store.hold(engine, who="labeler db upgrade", address=""):
            before = store.migrate.current(engine)
            store.migrate.upgrade(engine)
            after = store.migrate.newest()
    finally:
        engine.dispose()
    if before == after:
        click.echo(f"The database has schema {after} already.")
    else:
        click.echo(f"The database went from schema {before or 'none'} to {after}.")
