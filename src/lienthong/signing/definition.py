"""What an installation declares of its signing: the device, the timestamp authority, its own authority."""

from typing import Annotated, Any

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field


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
    authority_name: Annotated[str, Field(min_length=1, max_length=40)] = "Liên Thông"
    """Organisation named in the certificates of this installation's authorities."""
    revocation_address: str = ""
    """Public address of the revocation list, written into certificates; empty: they name none."""
    revocation_list_days: Annotated[int, Field(ge=1, le=60)] = 7


def arrangement() -> SigningArrangement:
    return SigningArrangement.model_validate(getattr(settings, "SIGNING", {}))
