import io

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse

from members.rights import Ability
from members.template_sheet import write_template
from organizations.models import Association


@permission_required("members.import_member", raise_exception=True)
def import_template(request):
    """The workbook to fill in, with the townships of the associations into which the user imports."""
    into = Association.objects.where_may(request.user, Ability.IMPORT)
    townships = dict.fromkeys(name for association in into for name in association.township_list)
    return FileResponse(
        io.BytesIO(write_template(list(townships))),
        as_attachment=True,
        filename="会员名册模板.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
