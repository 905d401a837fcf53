"""The papers of a record, for the page about it."""

from django import template

from organizations.papers.offers import SOURCES, offers

register = template.Library()


@register.simple_tag(takes_context=True)
def papers_of(context, source, record, *kinds, day=None):
    """[Offer] of what the reader may make of `record`, for ``organizations/_papers.html``; [] for who may not.

    `source` is a key of SOURCES, `kinds` narrow the choice, `day` is the local date that those begin with which ask
    for one.
    """
    if not SOURCES[source].rows(context["request"].user).filter(pk=record.pk).exists():
        return []
    return [offer for offer in offers(source, record, day) if not kinds or offer.kind.key in kinds]
