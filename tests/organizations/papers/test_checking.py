"""What is wrong with an uploaded template, said so that one finds it."""

import io
import zipfile

import pytest

from organizations.papers.making import problems_of
from organizations.papers.templates import sentence
from tests.organizations.papers.documents import template


def problems(content, kind="notice"):
    return [sentence(problem) for problem in problems_of(kind, content)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "时间：{{ 会议时问 }}",
            "第 1 段：“{{ 会议时问 }}”：该文书没有字段“会议时问”，是否应为“会议时间”？",
        ),
        ("{{ xyz }}", "第 1 段：“{{ xyz }}”：该文书没有字段“xyz”。"),
        (
            "{{ 会议名称.长度 }}",
            "第 1 段：“{{ 会议名称.长度 }}”：该文书没有字段“会议名称.长度”。",
        ),
        (
            "｛｛会议名称｝｝",
            "第 1 段：“｛｛会议名称｝｝”：字段的花括号请用半角 {{ 和 }}。",
        ),
        (
            "{{ 会议名称 }",
            "第 1 段：“{{ 会议名称 }”：缺少花括号。字段以 {{ 开头，以 }} 结尾。",
        ),
        ("{{ 会议 名称 }}", "第 1 段：“{{ 会议 名称 }}”无法理解，请检查写法。"),
        ("{% if 抬头 %}x", "第 1 段：“{% if 抬头 %}”没有结尾，缺少 {% endif %}。"),
        ("x{% endfor %}", "第 1 段：“{% endfor %}”前面没有对应的开头。"),
        (
            "{% include 'x' %}",
            "第 1 段：无法识别“{% include 'x' %}”。除字段外只能使用 for 和 if。",
        ),
        (
            "{{r 会议名称 }}",
            "第 1 段：无法识别“{{r 会议名称 }}”。除字段外只能使用 for 和 if。",
        ),
        (
            "{% for 字 in 会议名称 %}x{% endfor %}",
            "第 1 段：“{% for 字 in 会议名称 %}”：“会议名称”不是列表，不能逐行重复。",
        ),
        (
            "{{ 会议名称|upper }}",
            "第 1 段：“{{ 会议名称|upper }}”：竖线后面不能用“upper”。",
        ),
        *(
            (tag, f"第 1 段：“{tag}”超出模板允许的范围：只能使用字段、for 和 if。")
            for tag in (
                "{{ 会议名称 * 9 }}",
                "{{ range(9) }}",
                "{{ 会议名称.format(9) }}",
                "{{ [1, 2] }}",
                "{% for a in 议题列表 if a.内容 %}",
            )
        ),
    ],
)
def test_a_wrong_tag_is_named_with_its_place(text, expected):
    if text.startswith("{% for a"):
        text_of_document = f"{text}{{% endfor %}}"
    else:
        text_of_document = text

    assert problems(template(text_of_document)) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "{{ 会议名称 }}{# 注 #}",
        "{{会议名称|default('无')}}",
        "{% if 抬头 and not 联系人 %}a{% elif 抬头 == '各位理事' %}b{% else %}c{% endif %}",
        "{% for 题 in 议题列表 %}{{ loop.index }}{{ 题.内容 }}{% if not loop.last %}；{% endif %}{% endfor %}",
        "共{{ 议题列表|length }}项",
        "{{ 抬头 if 抬头 else ‘各位’ }}",
    ],
)
def test_what_a_template_may_do(text):
    assert problems(template(text)) == []


def test_places_in_tables_and_headers_are_named():
    content = template("好", table=[["a", "b"], ["a", "{{ 甲乙丙丁 }}"]], header="{{ 戊己庚辛 }}")

    assert problems(content) == [
        "第 1 个表格第 2 行：“{{ 甲乙丙丁 }}”：该文书没有字段“甲乙丙丁”。",
        "页眉第 1 段：“{{ 戊己庚辛 }}”：该文书没有字段“戊己庚辛”。",
    ]


def test_the_letters_of_the_two_ends_must_agree():
    assert problems(template("{%p if 抬头 %}", "x", "{% endif %}")) == [
        "第 3 段：“{% endif %}”要与“{%p if 抬头 %}”一致：都带 tr（重复表格行）、都带 p（重复段落），或都不带。"
    ]


def test_rows_outside_a_table_are_found_by_trying():
    assert problems(template("{%tr for 题 in 议题列表 %}", "{{ 题.内容 }}", "{%tr endfor %}")) == [
        "模板无法填写。重复表格行的 {%tr … %} 要单独占表格的一行，重复段落的 {%p … %} 要单独占一段。"
    ]


def test_at_most_twenty_problems_are_told():
    assert len(problems(template(*["{{ xyz }}"] * 50))) == 20


def archive(**parts):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return written.getvalue()


NO_DOCX = "该文件不是可以打开的 .docx 文件。请在 Word 或 WPS 中另存为 .docx 后重新选择。"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", NO_DOCX),
        (b"plain text", NO_DOCX),
        (archive(**{"xl/workbook.xml": "<x/>"}), NO_DOCX),
        (archive(**{"word/document.xml": "<x"}), NO_DOCX),
        (
            archive(**{"word/document.xml": bytes(80 * 2**20)}),
            "该文件解压后超过 60 MB。请缩小其中的图片。",
        ),
        (
            archive(**{"word/document.xml": "<x/>", "word/vbaProject.bin": "x"}),
            "该文件含有宏。请另存为不含宏的 .docx。",
        ),
    ],
)
def test_what_is_no_template_is_refused(content, expected):
    assert problems(content) == [expected]
