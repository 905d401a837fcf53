"""What pages of other things show of meetings."""

from django import template
from django.utils import timezone

from organizations.meetings.frequency import frequency
from organizations.models import Meeting

LATEST = 8

register = template.Library()


@register.inclusion_tag("organizations/_body_meetings.html", takes_context=True)
def body_meetings(context, body, year=None):
    """The panel of the meetings of `body`, which is in sight: the latest, and how often it met in `year`.

    Without `year` the present one. `{% load meetings %}{% body_meetings body %}`; the page links css/meetings.css.
    """
    user, today = context["request"].user, timezone.localdate()
    if not user.has_perm("organizations.view_meeting"):
        return {"may_view": False}
    year = year or today.year
    meetings = Meeting.objects.visible_to(user).filter(body=body)
    return {
        "may_view": True,
        "body": body,
        "year": year,
        "meetings": meetings[:LATEST],
        "frequency": frequency(body, year, today),
        "may_plan": user.has_perm("organizations.add_meeting") and user.rights.may_in_body("edit", body),
    }
