"""Tables and charts of the statistics."""

from django import template

from members.statistics.charts import charts_of

register = template.Library()


@register.inclusion_tag("members/_charts.html")
def charts(table):
    """The charts of `table` as SVG, with what they say in words for who does not see them."""
    return {"table": table, "charts": charts_of(table)}
