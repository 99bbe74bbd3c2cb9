"""What the worker does for proposals. What was approved for many entries is a bulk, which `work` carries out."""

from procrastinate.contrib.django import app

from lienthong.registers.proposals import forgetting


@app.periodic(cron="37 20 * * *")  # UTC: 03:37 here
@app.task(name="registers.forget_proposals", queue="registers", queueing_lock="registers.forget_proposals")
def forget_proposals(timestamp: int) -> None:
    """Selections of entries that nobody sent, and what stood in proposals that are long over."""
    forgetting.forget_drafts()
    forgetting.forget_contents()
