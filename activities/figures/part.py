"""Figures by category of members on the page of an activity."""

from collections import Counter

from django.urls import reverse

from activities.figures.tables import FIGURES, GUEST, category_table
from activities.parts import Part


def part(activity, user):
    # guests have no category, not even a blank one
    figures = {
        GUEST if row["member__category"] is None else row["member__category"]: Counter(
            {name: row[name] for name in FIGURES}
        )
        for row in activity.participations.figures_by("member__category")
    }
    if not figures:
        return None
    table = category_table(figures, reverse("activities:people", args=[activity.pk]))
    return Part("activities/_figures_part.html", {"table": table})
