from django import template

from organizations.charter.reading import report_for

register = template.Library()


@register.inclusion_tag("organizations/_body_findings.html", takes_context=True)
def body_findings(context, body, day):
    """What the rules find in `body` on the local date `day`, and what of it falls due, for the reader of the page."""
    user = context["request"].user
    report = report_for(user, body.association, day, body=body)
    reads_all = body.association_id in user.rights.associations
    return {"report": report, "body": body, "day": day, "reads_association": reads_all}
