"""The papers of a record, offered on its page."""

from django import template

from organizations.papers.offers import SOURCES, offers

register = template.Library()


@register.inclusion_tag("organizations/_papers.html", takes_context=True)
def papers(context, source, record, *kinds, day=None):
    """Buttons that make papers of `record`, for who may: `source` is a key of SOURCES, `kinds` narrow the choice.

    `day` is the local date that those begin with which ask for one.
    """
    user = context["request"].user
    found = []
    if user.is_authenticated and SOURCES[source].rows(user).filter(pk=record.pk).exists():
        found = [offer for offer in offers(source, record) if not kinds or offer.kind.key in kinds]
    asked = f"?on={day.isoformat()}" if day else ""
    return {"papers": found, "asked": asked, "csrf_token": context.get("csrf_token")}
