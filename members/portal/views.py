from members.portal.frame import for_members, render_portal


@for_members
def home(request, member):
    """What is next for the member."""
    return render_portal(request, "portal/home.html", member, {})
