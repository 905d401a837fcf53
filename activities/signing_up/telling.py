"""What members are told about an activity: in their inbox, by e-mail too where they agreed to it."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.inbox import tell_all


def moment(at):
    """The local day and time of the moment `at` as all pages write it."""
    return date_format(timezone.localtime(at), "Y-m-d H:i")


def tell_about(activity, members, title, *more):
    """Tell each of `members` about `activity`.

    `title` and the sentences `more` are untranslated, with the fields {activity}, {when}, {place} and {until}.
    """
    if not members:
        return
    with translation.override(settings.LANGUAGE_CODE):
        words = {
            "activity": activity.title,
            "when": moment(activity.starts_at),
            "place": activity.place or _("to be announced"),
            "until": moment(activity.sign_up_until or activity.starts_at),
        }
        lines = [
            _("Time: {when}. Place: {place}.").format(**words),
            *(_(sentence).format(**words) for sentence in more),
        ]
        tell_all(
            members,
            title=_(title).format(**words),
            text="\n".join(lines),
            link=reverse("own_activities:activity", args=[activity.pk]),
        )
