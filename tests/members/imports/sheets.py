"""Workbooks for the import tests, made in memory."""

import io

import openpyxl

HEADER = ["姓名", "性别", "出生年月", "手机", "身份证号码", "工作单位", "职务", "会员编号", "备注"]


def workbook(*rows, header=HEADER, title="会员名册", name="roster.xlsx"):
    """An .xlsx file of `rows` (lists in the order of `header`, short ones filled) as an open binary file."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet.append([title])
    sheet.append(header)
    for row in rows:
        sheet.append([*row, *[None] * (len(header) - len(row))])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = name
    return file


def person(
    name,
    *,
    sex="男",
    birth=None,
    mobile=None,
    id_number=None,
    employer=None,
    position=None,
    number=None,
    remarks=None,
):
    """A row in the order of HEADER."""
    return [name, sex, birth, mobile, id_number, employer, position, number, remarks]
