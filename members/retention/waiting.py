from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from members.models import RetentionRun
from members.waiting import Waiting


def runs_waiting(user, scope):
    """How many runs of `scope` (ids of associations) that `user` manages have their days of grace behind them."""
    if not user.has_perm("members.view_retentionrun"):
        return None
    day, state = timezone.localdate(), RetentionRun.State
    runs = RetentionRun.objects.visible_to(user).filter(association__in=scope)
    ready = runs.filter(state=state.LISTED, grace_until__lt=day) | runs.filter(
        state=state.ANONYMISED, purge_after__lt=day
    )
    found = list(ready.values_list("pk", flat=True)[:100])
    if not found:
        return None
    text = ngettext("{count} retention run can go on", "{count} retention runs can go on", len(found)).format(
        count=len(found)
    )
    address = (
        reverse("members:retention_run", args=found) if len(found) == 1 else reverse("members:retention")
    )
    return Waiting(text, address)
