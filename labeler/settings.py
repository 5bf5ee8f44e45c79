"""What config.yaml may say: names, types, defaults. `config.py` reads it."""

import os
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

from labeler.settings_access import AccessSettings
from labeler.settings_http import HttpSettings, TlsSettings
from labeler.settings_parts import (
    AttributeSettings,
    ClockTime,
    Gtin,
    IdentifierName,
    IdentifierType,
    Name,
    Part,
)
from labeler.settings_printing import (
    MediaSettings,
    PrinterGroupSettings,
    PrinterSettings,
    ReprintSettings,
    SpoolerSettings,
)
from labeler.spelling import spell

__all__ = [
    "AccessSettings",
    "AttributeSettings",
    "CodeTableSettings",
    "DatabaseSettings",
    "FontSettings",
    "Gtin",
    "HttpSettings",
    "IdentifierType",
    "LineSettings",
    "LogSettings",
    "MediaSettings",
    "Name",
    "Part",
    "PrinterGroupSettings",
    "PrinterSettings",
    "ProductSettings",
    "ReprintSettings",
    "SeriesSettings",
    "Settings",
    "SiteSettings",
    "SpoolerSettings",
    "TlsSettings",
]


class SiteSettings(Part):
    """The plant as a whole."""

    name: str
    timezone: str = "UTC"
    """IANA name; date parts of serials and labels are in this zone."""
    plant: str | None = None
    """The plant's code, as `{run:plant:3}` shows it in serials."""
    day_start: ClockTime = "00:00"
    """When the production day begins: what is made before belongs to the day before."""
    shifts: dict[str, ClockTime] = Field(default_factory=dict)
    """Name of a shift, as `{shift}` shows it in serials -> when it starts."""
    serial_scope: Literal["global", "product"] = "global"
    """Within what a serial is unique: the whole site, or each product."""
    template_release: Literal["automatic", "required"] = "automatic"
    """automatic: a run that opens releases what the template's file says. required: a run opens
    only with a release that somebody made."""

    mark_file: str = "data/high-water-mark"
    """How much was ever drawn, relative to config.yaml; no backup may hold it."""
    key_file: str = "data/site-key.pem"
    """The secret key that signs run certificates, relative to config.yaml; made at first use."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("expected an IANA time zone such as Europe/Berlin") from None
        return value


class DatabaseSettings(Part):
    """Where the record lives."""

    url: str
    """`sqlite:///path` (relative to config.yaml) or `postgresql://user:password@host/name`."""

    @field_validator("url")
    @classmethod
    def _known_scheme(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")) or value == "sqlite:///":
            raise ValueError("expected sqlite:///path/to/file.db or postgresql://user@host/name")
        return value


class LogSettings(Part):
    """What the service says while it works."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"
    """auto: for people on a terminal, JSON lines otherwise."""


class FontSettings(Part):
    """The files of one font, relative to config.yaml."""

    regular: str
    bold: str | None = None
    """None: the regular one."""


class LineSettings(Part):
    """One production line."""

    printer: str | None = None
    """A printer, or a group of them. None: nothing is printed here. Its units get serials only,
    their labels come from elsewhere."""
    archive: str | None = None
    """A second printer that gets every label as a document, such as a file: printer for PDF."""
    encoded_when: Literal["sent", "buffered", "printed", "verified"] = "printed"
    """How surely a label must exist for its unit to be *encoded*: the rung of the proof ladder."""
    commission: Literal["by_hand", "by_scan", "when_printed"] = "by_hand"
    """What makes a unit *commissioned*. by_hand: a person says so. by_scan: a verification that is
    ok. when_printed: a label on its rung, where a machine prints it and applies it in one go."""
    plc_string_length: Annotated[int, Field(ge=1, le=16382)] | None = None
    """Characters that a string of the line's PLC takes, 80 where nobody chose another length (IEC
    61131-3). None: nobody looks whether serials fit."""

    @model_validator(mode="after")
    def _commissions_what_is_known(self) -> Self:
        if self.commission == "when_printed" and self.printer is None:
            raise ValueError("expected a printer where commission is when_printed")
        # A label on a lower rung may leave it again, and a commissioned unit goes back to nothing.
        if self.commission == "when_printed" and self.encoded_when in ("sent", "buffered"):
            raise ValueError(
                "expected encoded_when printed or verified where commission is when_printed"
            )
        return self

    @property
    def printers(self) -> tuple[str, ...]:
        """The printers that its labels go to, the first of which prints them."""
        return tuple(name for name in (self.printer, self.archive) if name is not None)


class SeriesSettings(Part):
    """One number series."""

    pattern: str
    change: Literal["continue", "restart"] | None = None
    """After the pattern was changed: does the new version's counter go on, or begin again?"""
    unguessable: bool = False
    """Issue one number in 10,000 only, so that nobody can guess one (EU 2016/161, Art. 4)."""
    word_filter: bool = False
    """Leave out serials in which a word of `words` stands."""
    identifier: IdentifierType | None = None
    """What its serials are, where others have standardised it; every text is proved to be one."""
    company_prefix_length: Annotated[int, Field(ge=6, le=12)] | None = None
    """Of an SSCC, GRAI, GIAI or a serial for SGTIN: how many digits the GS1 Company Prefix has, for
    EPCs."""
    notation: Literal["colons", "hyphens", "dots", "plain"] | None = None
    """Of an EUI-48 or EUI-64: how labels show it; what is issued is always plain."""
    low_water: Annotated[int, Field(ge=0)] | None = None
    """Of a pool: warn once so many numbers are left, or fewer."""
    secret: bool = False
    """Its texts are secrets: printed once on a unit's label, and forgotten then."""
    key: SecretStr | None = None
    """Of a permuted series: 32, 48 or 64 hexadecimal digits. Never in config.yaml: from
    the environment or a secret file."""


class CodeTableSettings(Part):
    """A site's own short codes for a part of the date."""

    of: str
    """The part of the date: year, month, day, hour …"""
    codes: dict[int, str]
    """Value -> code."""


class ProductSettings(Part):
    """One product."""

    name: str
    gtin: Gtin | None = None
    """GTIN-8, -12, -13 or -14 with its check digit; quoted, since YAML would eat a leading zero."""
    series: str
    template: Name
    identifiers: Annotated[dict[IdentifierName, str], Field(max_length=16)] = Field(
        default_factory=dict
    )
    """What else a unit carries, in this order: name -> the series its texts come from."""
    attributes: Annotated[dict[Name, AttributeSettings], Field(max_length=50)] = Field(
        default_factory=dict
    )
    """What an order of it has to say or may say: name -> what is asked of its value."""


class Settings(BaseSettings):
    """The whole of config.yaml."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="LABELER__", env_nested_delimiter="__"
    )

    site: SiteSettings
    database: DatabaseSettings
    http: HttpSettings = HttpSettings()
    access: AccessSettings = AccessSettings()
    log: LogSettings = LogSettings()
    spooler: SpoolerSettings = SpoolerSettings()
    reprints: ReprintSettings = ReprintSettings()
    templates: str = "templates/"
    """Folder of the label templates, relative to config.yaml."""
    fonts: dict[Name, FontSettings] = {}
    """The site's own fonts, for what the bundled ones do not have: Chinese, a house style."""
    printers: dict[Name, PrinterSettings]
    printer_groups: dict[Name, PrinterGroupSettings] = {}
    """Printers that stand in for each other, under a name that lines use like a printer's."""
    lines: dict[Name, LineSettings]
    series: dict[Name, SeriesSettings]
    alphabets: dict[Name, str] = {}
    """Own alphabets for patterns: name -> its characters, lowest value first."""
    code_tables: dict[Name, CodeTableSettings] = {}
    """Own code tables for patterns."""
    words: list[str] | None = None
    """Words that series with a word_filter leave out; default: a list of ours."""
    products: dict[Name, ProductSettings]

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then secret files, then what config.yaml said (`init_settings`)."""
        del dotenv_settings
        folder = os.environ.get("LABELER_SECRETS_DIR")
        environment = EnvSettingsSource(settings_cls)
        secrets = NestedSecretsSettingsSource(
            file_secret_settings,
            secrets_dir=folder,
            secrets_dir_missing="error",
            secrets_prefix="",
            secrets_nested_delimiter="__",
        )
        said = init_settings()
        environment.env_vars = spell(os.environ, said, prefix="LABELER__")
        if folder is not None:
            secrets.env_vars = spell(secrets.load_secrets(Path(folder).resolve()), said, prefix="")
        return environment, secrets, init_settings
