"""The declared channels, and the gateway that each uses."""

from lienthong.notifications import gateways
from lienthong.notifications.definition import CHANNEL, ChannelBody
from lienthong.notifications.gateways import Gateway


def offered() -> dict[str, ChannelBody]:
    """Those in force, by key."""
    return {published.key: published.body for published in CHANNEL.all()}


def gateway_of(channel: ChannelBody) -> Gateway | None:
    """None when the gateway is not installed (any more)."""
    gateway = gateways.find(channel.gateway.uses)
    return gateway(gateway.Options.model_validate(channel.gateway.options)) if gateway else None
