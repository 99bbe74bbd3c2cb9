"""What an installation declares of its signing: the device, the timestamp authority, its own authority."""

from typing import Annotated, Any, Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, model_validator

from lienthong.signing.rules import Level


class PluginChoice(BaseModel):
    """Which plug-in of a kind, with the options of that plug-in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    plugin: str
    options: dict[str, Any] = Field(default_factory=dict)


class SigningArrangement(BaseModel):
    """The Django setting SIGNING, or the body of a definition of kind `signing`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    device: PluginChoice = PluginChoice(plugin="soft-token")
    timestamp: PluginChoice = PluginChoice(plugin="none")
    wanted_level: Annotated[Literal["", "B", "T", "LT", "LTA"], Field(alias="level")] = ""
    """The level of new signatures by ETSI EN 319 142-1. Empty: T where there is a timestamp authority, else B."""
    authority_name: Annotated[str, Field(min_length=1, max_length=40)] = "Liên Thông"
    """Organisation named in the certificates of this installation's authorities."""
    revocation_address: str = ""
    """Public address of the revocation list, written into certificates; empty: they name none."""
    revocation_list_days: Annotated[int, Field(ge=1, le=60)] = 7

    @property
    def level(self) -> Level:
        return Level[self.wanted_level or ("B" if self.timestamp.plugin == "none" else "T")]

    @model_validator(mode="after")
    def _has_the_time(self) -> "SigningArrangement":
        if self.level >= Level.T and self.timestamp.plugin == "none":
            raise ValueError(f"signatures of level {self.wanted_level} need a timestamp authority")
        return self


def arrangement() -> SigningArrangement:
    return SigningArrangement.model_validate(getattr(settings, "SIGNING", {}))
