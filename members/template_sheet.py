"""The empty roster to fill in: standard headers, lists to choose from, text cells, one page of notes."""

import io

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from members import codes
from members.formats import A4, USUAL_WIDTH, WIDTHS
from members.roster.contract import FIELDS

# Rows prepared for filling in; those below are as good, only without lists to choose from
PREPARED_ROWS = 2000
SHEET, NOTES, LISTS = "花名册", "填写说明", "选项"
EXAMPLE_MARK = "示例"

LISTS_OF = {
    "sex": codes.Sex,
    "ethnicity": codes.Ethnicity,
    "political_status": codes.PoliticalStatus,
    "second_party": codes.PoliticalStatus,
    "education": codes.Education,
    "full_time_education": codes.Education,
    "in_service_education": codes.Education,
    "title_level": codes.TitleLevel,
    "category": codes.Category,
    "id_kind": codes.IdKind,
    "status": codes.Status,
}

# A person nobody is: mobile number with 0000 in the middle, no identity number
EXAMPLE = {
    "number": "JJ20190001",
    "name": "张示例",
    "sex": "女",
    "birth": "1985.06",
    "ethnicity": "汉族",
    "native_place": "重庆江津",
    "political_status": "无党派人士",
    "education": "大学本科",
    "degree": "法学学士",
    "school": "西南政法大学",
    "major": "法学",
    "title": "二级律师",
    "title_level": "副高级",
    "qualification": "律师执业资格",
    "employer": "重庆某某律师事务所",
    "position": "合伙人",
    "category": "中介组织和社会组织从业人员",
    "occupation": "律师",
    "mobile": "13800000001",
    "office_phone": "023-47000001",
    "email": "example@example.org",
    "id_kind": "居民身份证",
    "township": "几江街道",
    "work_started": "2008.07",
    "association_posts": "理事",
    "joined": "2019.12.24",
    "status": "在册",
}

# Notes by field: (Chinese, English). The rest goes by its name.
NOTES_OF = {
    "number": ("没有编号可留空", "may stay empty"),
    "name": ("必填，一行一人", "required; one person a row"),
    "birth": (
        "知道到哪一级就写到哪一级：1985、1985.06、1985.06.12",
        "as far as known: 1985, 1985.06 or 1985.06.12",
    ),
    "party_joined": ("写法同出生年月", "written like the date of birth"),
    "work_started": ("写法同出生年月", "written like the date of birth"),
    "joined": ("写法同出生年月", "written like the date of birth"),
    "ethnicity": ("从列表中选择", "choose from the list"),
    "political_status": ("从列表中选择", "choose from the list"),
    "second_party": ("交叉党员填第二个党派", "for members of two parties: the second one"),
    "education": ("从列表中选择", "choose from the list"),
    "title_level": ("从列表中选择；没有职称选“无”", "choose from the list; 无 for none"),
    "employer_uscc": ("18位", "18 characters"),
    "category": ("四类之一", "one of the four kinds"),
    "mobile": ("11位；境外号码写作 +852 …", "11 digits; numbers from abroad as +852 …"),
    "office_phone": ("区号-号码", "area code-number"),
    "id_kind": ("从列表中选择", "choose from the list"),
    "id_number": ("按文本填写18位号码，末位X大写", "18 characters in a text cell"),
    "social_posts": ("多项用；隔开", "several with ； between them"),
    "honours": ("多项用；隔开", "several with ； between them"),
    "association_posts": ("多个职务用、隔开", "several with 、 between them"),
    "status": ("留空为“在册”", "registered if empty"),
}
ADVICE = [
    ("请勿改动第一行的栏目名称；不用的栏目可以整列删除，栏目次序可以调换。",
     "Keep the names in the first row. Columns not needed may be deleted, and their order changed."),
    ("第二行是填写示例，导入时自动跳过，不必删除。",
     "The second row is an example; the import skips it."),
    ("所有单元格均为文本格式；从别处复制时请用“只粘贴值”，以免号码变成数字。",
     "All cells are text cells. Paste values only, so that numbers stay as they are."),
    ("空白单元格不会清除系统中已有的内容。",
     "An empty cell does not erase what the register holds."),
]  # fmt: skip


def write_template(
    townships=(), *, fields=FIELDS, example=EXAMPLE, notes=NOTES_OF, lists=LISTS_OF, open_lists=None, title=""
):
    """The bytes of the template workbook; `townships` fill the list of that column, which takes others too.

    Sheets of another kind have `fields`, an `example` {key: text}, `notes` {key: (Chinese, English)}, `lists` {key:
    TextChoices} and `open_lists` {key: texts} of their own, and a `title` above the header.
    """
    file = io.BytesIO()
    open_lists = {"township": list(townships)} if open_lists is None else open_lists
    top = 1 if title else 0
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        text = workbook.add_format({"num_format": "@"})
        grey = workbook.add_format({"num_format": "@", "italic": True, "font_color": "#6B6B6B"})
        bold = workbook.add_format({"bold": True, "num_format": "@", "bg_color": "#EFEFEF", "bottom": 1})
        sheet = workbook.add_worksheet(SHEET)
        _write_notes(workbook, bold, fields, notes)
        keys = {field.key for field in fields}
        values = {key: choices.values for key, choices in lists.items() if key in keys}
        ranges = _write_lists(workbook, values | {key: texts for key, texts in open_lists.items() if texts})
        if title:
            sheet.write_string(0, 0, title, workbook.add_format({"bold": True, "font_size": 16}))

        # a column that every reader passes over carries the mark of the example
        sheet.set_column(0, 0, 6, text)
        sheet.write_string(top, 0, "序号", bold)
        sheet.write_string(top + 1, 0, EXAMPLE_MARK, grey)
        for place, field in enumerate(fields, 1):
            sheet.set_column(place, place, WIDTHS.get(field.header, USUAL_WIDTH), text)
            sheet.write_string(top, place, field.header, bold)
            if field.key in example:
                sheet.write_string(top + 1, place, example[field.key], grey)
            if field.key in ranges:
                strict = field.key in lists
                sheet.data_validation(top + 2, place, top + PREPARED_ROWS + 1, place, {
                    "validate": "list",
                    "source": ranges[field.key],
                    "show_error": strict,
                    "error_title": field.header,
                    "error_message": "请从列表中选择。",
                })  # fmt: skip
        sheet.freeze_panes(top + 1, 3)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.repeat_rows(top)
    return file.getvalue()


def _write_notes(workbook, bold, fields, notes):
    """Advice and explanations, in one column: a sheet that looks like no roster and no form."""
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(NOTES)
    sheet.set_column(0, 0, 110, wrapped)
    lines = [f"{chinese}\n{english}" for chinese, english in ADVICE]
    for field in fields:
        if field.key in notes:
            chinese, english = notes[field.key]
            lines.append(f"“{field.header}”一栏：{chinese}。\n({field.key}: {english}.)")
    sheet.write_string(0, 0, "填写说明 / How to fill in", bold)
    for number, line in enumerate(lines, 1):
        sheet.write_string(number, 0, line, wrapped)


def _write_lists(workbook, lists):
    """{key: range of its values}; the values stand on a hidden sheet, since a list in place ends at 255 characters."""
    sheet = workbook.add_worksheet(LISTS)
    sheet.hide()
    ranges = {}
    for place, (key, values) in enumerate(lists.items()):
        sheet.write_column(0, place, values)
        column = xl_col_to_name(place, True)
        ranges[key] = f"={LISTS}!{column}$1:{column}${len(values)}"
    return ranges
