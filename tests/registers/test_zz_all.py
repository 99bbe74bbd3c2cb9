import time, pytest, cProfile, pstats
from tests import cast
from django.db import connection
pytestmark = pytest.mark.django_db
def test_count():
    from lienthong.registers.definition import REGISTER
    from lienthong.foundation.definitions import services as definitions
    from pathlib import Path
    t=time.perf_counter()
    pr=cProfile.Profile(); pr.enable()
    plan = definitions.plan([cast.SOURCE / "library"/"registers"])
    a=time.perf_counter()-t
    assert not plan.problems, plan.problems[:5]
    definitions.apply(plan)
    pr.disable()
    print("REG", len(REGISTER.all()), "plan", a, "all", time.perf_counter()-t)
    pstats.Stats(pr).sort_stats("cumtime").print_stats(60)
    assert 0
