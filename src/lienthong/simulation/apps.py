"""Makes the texts of the simulation known."""

from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "lienthong.simulation"
