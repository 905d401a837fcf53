"""The members' own pages of activities; each part of the work brings its addresses."""

from activities.calendar import portal_urls as calendar
from activities.check_in import portal_urls as check_in
from activities.contributions import portal_urls as contributions
from activities.evidence import portal_urls as evidence
from activities.files import portal_urls as files
from activities.signing_up import portal_urls as signing_up

app_name = "own_activities"
urlpatterns = [
    *signing_up.urlpatterns,
    *check_in.urlpatterns,
    *files.urlpatterns,
    *contributions.urlpatterns,
    *evidence.urlpatterns,
    *calendar.urlpatterns,
]
