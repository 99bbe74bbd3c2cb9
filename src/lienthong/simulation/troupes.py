"""The troupes that take part, one for each business that is simulated."""

from lienthong.simulation.actors import register
from lienthong.simulation.directives.troupe import Directors
from lienthong.simulation.documents.troupe import Offices
from lienthong.simulation.dossiers.troupe import OneStopShops
from lienthong.simulation.engagements.troupe import CalendarKeepers
from lienthong.simulation.queues.troupe import Halls
from lienthong.simulation.registers.troupe import Keepers

register(OneStopShops)
register(Halls)
register(Keepers)
register(Offices)
register(Directors)
register(CalendarKeepers)
