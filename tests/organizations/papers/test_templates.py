"""Templates of an association: uploaded, checked, tried, taken into use, left again; and who may."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.rights import Role
from organizations.models import Change, PaperTemplate
from organizations.papers.kinds import KINDS
from organizations.papers.making import NotMade, default_template
from organizations.papers.templates import keep_template, make_paper, template_in_use, use_template
from tests.make import make_association, make_user
from tests.members.screens import messages_of, sign_in
from tests.organizations.papers.documents import paragraphs, pdf_text, template

pytestmark = pytest.mark.django_db
NOTICE = KINDS["notice"].sample


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        }
    }
    return tmp_path / "private"


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def manager(client, home):
    return sign_in(client, Role.MANAGER, home)


def address(name, association, kind="notice", **kwargs):
    return reverse(f"organizations:{name}", args=[association.pk, kind], **kwargs)


def sample_url(association, form, kind="notice"):
    return reverse("organizations:paper_sample", args=[association.pk, kind, form])


def upload(client, association, content, name="通知.docx"):
    return client.post(address("paper", association), {"file": SimpleUploadedFile(name, content)})


def kept(association, text="{{ 会议名称 }}", **fields):
    fields = {"kind": "notice", "file_name": "通知.docx", "actor": make_user(), **fields}
    return keep_template(association, **{"content": template(text), **fields})


# -- services ----------------------------------------------------------------------------------------------------


def test_a_template_counts_only_when_it_is_taken_into_use(home):
    own = kept(home, "本会：{{ 会议名称 }}")
    before = paragraphs(make_paper(home, "notice", NOTICE).content)

    use_template(home, "notice", own)

    assert before[0] == NOTICE["协会名称"]
    assert paragraphs(make_paper(home, "notice", NOTICE).content) == ["本会：第一届理事会第三次会议"]
    assert paragraphs(make_paper(make_association(), "notice", NOTICE).content) == before


def test_one_template_is_in_use_at_a_time(home):
    first, second = kept(home, "一{{ 会议名称 }}"), kept(home, "二{{ 会议名称 }}")
    use_template(home, "notice", first)

    use_template(home, "notice", second)

    assert template_in_use(home, "notice") == second
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperTemplate.objects.filter(pk=first.pk).update(is_in_use=True)


def test_going_back_to_the_default_template_keeps_the_others(home):
    own = kept(home)
    use_template(home, "notice", own)

    use_template(home, "notice", None)

    assert template_in_use(home, "notice") is None
    assert list(home.paper_templates.all()) == [own]
    kinds = [change.kind for change in Change.objects.of(own).order_by("id")]
    assert kinds == [Change.Kind.CREATED, Change.Kind.CHANGED, Change.Kind.CHANGED]


def test_the_same_file_is_kept_once(home, private_files):
    content = template("{{ 会议名称 }}")
    first = kept(home, content=content)

    second = kept(home, content=content)

    assert second == first
    assert len(list(private_files.rglob("*.docx"))) == 1


def test_a_template_whose_file_is_gone_is_told_in_a_sentence(home):
    own = kept(home)
    use_template(home, "notice", own)
    default_storage.delete(own.stored_as)

    with pytest.raises(NotMade, match="模板文件已不存在"):
        make_paper(home, "notice", NOTICE)


# -- pages -------------------------------------------------------------------------------------------------------


def test_the_page_of_kinds_names_what_is_in_use(client, manager, home):
    use_template(home, "notice", kept(home, file_name="本会通知.docx"))

    text = client.get(reverse("organizations:papers")).content.decode()

    assert "本会通知.docx" in text
    assert all(str(kind.label) in text for kind in KINDS.values())


def test_pages_take_the_same_queries_for_one_and_three_templates(client, manager, home):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(address("paper", home)).status_code == 200
        return len(found)

    kept(home, "一")
    client.get(address("paper", home))
    one = queries()
    kept(home, "二")
    kept(home, "三")

    assert queries() == one


def test_upload_try_use_and_back(client, manager, home):
    answer = upload(client, home, template("本会：{{ 会议名称 }}"))

    own = home.paper_templates.get()
    assert answer.status_code == 302
    assert messages_of(answer) == ["模板已通过检查并保存。请先试用，再启用。"]
    assert (own.file_name, own.uploaded_by, own.is_in_use) == ("通知.docx", manager, False)

    tried = client.get(sample_url(home, "docx"), {"template": own.pk})
    as_pdf = client.get(sample_url(home, "pdf"), {"template": own.pk})
    assert paragraphs(tried.content) == ["本会：第一届理事会第三次会议"]
    assert pdf_text(as_pdf.content) == "本会：第一届理事会第三次会议"
    assert as_pdf.headers["Content-Type"] == "application/pdf"

    client.post(address("paper_use", home), {"template": own.pk})
    assert template_in_use(home, "notice") == own

    client.post(address("paper_use", home), {"template": ""})
    assert template_in_use(home, "notice") is None


def test_templates_are_downloaded_as_they_came(client, manager, home):
    content = template("{{ 会议名称 }}")
    own = kept(home, content=content)

    theirs = client.get(address("paper_template", home), {"template": own.pk})
    default = client.get(address("paper_template", home))

    assert theirs.content == content
    assert "attachment" in theirs.headers["Content-Disposition"]
    assert paragraphs(default.content) == paragraphs(default_template("notice"))


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (template("{{ 会议时问 }}"), "通知.docx", "该文书没有字段“会议时问”，是否应为“会议时间”？"),
        (b"not a document", "通知.docx", "该文件不是可以打开的 .docx 文件。"),
        (b"old", "通知.doc", "这是旧格式的文件。"),
        (bytes(11), "通知.docx", "文件超过 0 MB。"),
    ],
)
def test_what_is_wrong_with_an_upload_is_said_on_the_page(
    client, manager, home, settings, content, name, expected
):
    settings.PAPER_MAX_BYTES = 10 if content == bytes(11) else settings.PAPER_MAX_BYTES

    answer = upload(client, home, content, name)

    assert answer.status_code == 422
    assert expected in answer.content.decode()
    assert not home.paper_templates.exists()


def test_the_page_escapes_what_stands_in_the_file_and_in_its_name(client, manager, home):
    wrong = upload(client, home, template("{{ <script>alert(1)</script> }}"))
    kept(home, file_name="<b>x</b>.docx")

    text = wrong.content.decode() + client.get(address("paper", home)).content.decode()

    assert "<script>alert" not in text
    assert "<b>x</b>" not in text


def test_secretaries_see_and_try_but_change_nothing(client, home):
    sign_in(client, Role.SECRETARY, home)
    own = kept(home)

    assert client.get(address("paper", home)).status_code == 200
    assert client.get(sample_url(home, "docx"), {"template": own.pk}).status_code == 200
    assert upload(client, home, template("x")).status_code == 403
    assert client.post(address("paper_use", home), {"template": own.pk}).status_code == 403
    assert template_in_use(home, "notice") is None


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DEPARTMENT, Role.MEMBER])
def test_readers_have_no_business_with_templates(client, home, role):
    sign_in(client, role, home)

    for url in (reverse("organizations:papers"), address("paper", home), sample_url(home, "docx")):
        assert client.get(url).status_code in (403, 404)


def test_other_associations_and_their_templates_are_not_found(client, manager, home):
    elsewhere = make_association()
    theirs = kept(elsewhere)

    for url in (
        address("paper", elsewhere),
        address("paper_template", elsewhere),
        sample_url(elsewhere, "pdf"),
    ):
        assert client.get(url).status_code == 404
    assert client.get(address("paper_template", home), {"template": theirs.pk}).status_code == 404
    assert client.post(address("paper_use", home), {"template": theirs.pk}).status_code == 404
    for unknown in ("x", "9" * 30, "²"):
        assert client.get(sample_url(home, "docx"), {"template": unknown}).status_code == 404
    assert client.get(address("paper", home, "unknown")).status_code == 404
    assert client.get(sample_url(home, "exe")).status_code == 404


def test_without_the_pdf_packages_there_is_no_link_to_it(client, manager, home, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    page = client.get(address("paper", home)).content.decode()

    assert sample_url(home, "pdf") not in page
    assert "未安装 PDF 组件" in page
    assert client.get(sample_url(home, "pdf")).status_code == 404
