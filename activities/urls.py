"""The staff's pages of activities; each part of the work brings its addresses."""

from activities.attendance import urls as attendance
from activities.calendar import urls as calendar
from activities.campaigns import urls as campaigns
from activities.check_in import urls as check_in
from activities.contributions import urls as contributions
from activities.evidence import urls as evidence
from activities.figures import urls as figures
from activities.files import urls as files
from activities.planning import urls as planning
from activities.sheets import urls as sheets
from activities.signing_up import urls as signing_up

app_name = "activities"
urlpatterns = [
    *planning.urlpatterns,
    *campaigns.urlpatterns,
    *signing_up.urlpatterns,
    *check_in.urlpatterns,
    *attendance.urlpatterns,
    *sheets.urlpatterns,
    *files.urlpatterns,
    *contributions.urlpatterns,
    *figures.urlpatterns,
    *evidence.urlpatterns,
    *calendar.urlpatterns,
]
