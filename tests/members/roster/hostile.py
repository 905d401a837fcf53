"""Builders of spreadsheet files byte by byte: small well-formed ones, and such as nobody should open."""

import struct
import zlib

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
MEBIBYTE = 1 << 20


def zipped(parts, *, sizes=None):
    """A zip archive of `parts`, pairs of name and content; `sizes` are lies about the unpacked size."""
    body, directory = b"", b""
    for name, content in parts:
        packer = zlib.compressobj(1, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
        body, directory = _entry(
            body, directory, name, packed, zlib.crc32(content), (sizes or {}).get(name, len(content))
        )
    return _closed(body, directory, len(parts))


def _entry(body, directory, name, packed, check, size, flags=0):
    name = name.encode()
    common = struct.pack("<HHHHHIIIHH", 20, flags, 8, 0, 0x21, check, len(packed), size, len(name), 0)
    directory += (
        b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
    )
    return body + b"PK\3\4" + common + name + packed, directory


def _closed(body, directory, count):
    return (
        body + directory + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, count, count, len(directory), len(body), 0)
    )


def bomb(name, *, mebibytes, declared=None):
    """An archive whose part `name` unpacks to `mebibytes` of the letter A, whatever size it declares."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"A" * MEBIBYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = block * mebibytes + packer.flush()
    size = mebibytes * MEBIBYTE if declared is None else declared
    body, directory = b"", b""
    parts = [part for part in workbook_parts("<sheetData/>") if part[0] != name]
    for other, content in parts:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        whole = packer.compress(content) + packer.flush()
        body, directory = _entry(body, directory, other, whole, zlib.crc32(content), len(content))
    body, directory = _entry(body, directory, name, packed, 0, size)
    return _closed(body, directory, len(parts) + 1)


def workbook_parts(sheet, *, strings=None, formats=(), date1904=False, macros=False):
    """The parts of an .xlsx file with one sheet; style i of a cell is the i-th of `formats` (0 is General)."""
    kind = (
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml" if macros else f"{SPREADSHEET}.sheet.main+xml"
    )
    codes = "".join(f'<numFmt numFmtId="{164 + i}" formatCode="{code}"/>' for i, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{164 + i}" applyNumberFormat="1"/>' for i in range(len(formats)))
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f'<workbookPr date1904="{int(date1904)}"/>'
        '<sheets><sheet name="名册" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="urn:x">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{RELATIONS}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": sheet
        if sheet.startswith("<?xml")
        else f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    }
    if strings is not None:
        parts["xl/sharedStrings.xml"] = (
            strings if strings.startswith("<?xml") else f'<sst xmlns="{MAIN}">{strings}</sst>'
        )
    if macros:
        parts["xl/vbaProject.bin"] = "not looked at"
    return [(name, content.encode()) for name, content in parts.items()]


def xlsx(sheet, **options):
    return zipped(workbook_parts(sheet, **options))


def rows(*, count, row='<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'):
    return "<sheetData>" + "".join(map(row.format, range(1, count + 1))) + "</sheetData>"


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)
"""A document type whose entity j is a thousand million laughs."""


def ods(table, *, styles="", manifest=None, mimetype="application/vnd.oasis.opendocument.spreadsheet"):
    names = "".join(
        f' xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "style", "table", "text", "number")
    )
    names += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        table
        if table.startswith("<?xml")
        else f"<office:document-content{names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = [("mimetype", mimetype.encode()), ("content.xml", content.encode())]
    if manifest is not None:
        parts.append(("META-INF/manifest.xml", manifest.encode()))
    return zipped(parts)


SECTOR, MINI = 512, 64
END_OF_CHAIN, TABLE = 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams):
    """A compound file (the container of .xls) of named streams; those below 4096 bytes lie in mini sectors."""
    small = {name: content for name, content in streams.items() if len(content) < 4096}
    sectors, table, starts = [], [], {}

    def place(content, size=SECTOR):
        start, count = len(sectors), -(-len(content) // size)
        for index in range(count):
            sectors.append(content[index * size : (index + 1) * size].ljust(size, b"\0"))
            table.append(start + index + 1 if index + 1 < count else END_OF_CHAIN)
        return start if count else END_OF_CHAIN

    for name, content in streams.items():
        if name not in small:
            starts[name] = place(content)
    mini, mini_table = b"", []
    for name, content in small.items():
        starts[name] = len(mini_table)
        count = -(-len(content) // MINI)
        mini += content.ljust(count * MINI, b"\0")
        mini_table += [*range(starts[name] + 1, starts[name] + count), END_OF_CHAIN]
    mini_start = place(mini)
    mini_table_start = place(struct.pack(f"<{len(mini_table)}I", *mini_table))
    directory = _directory_entry("Root Entry", 5, mini_start, len(mini))
    for name, content in streams.items():
        directory += _directory_entry(name, 2, starts[name], len(content))
    directory_start = place(directory)
    tables = 1
    while len(table) + tables > tables * SECTOR // 4:
        tables += 1
    table_start = len(sectors)
    table += [TABLE] * tables
    sectors.append(struct.pack(f"<{len(table)}I", *table).ljust(tables * SECTOR, b"\xff"))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<5I", 0, tables, directory_start, 0, 4096)
    header += struct.pack("<4I", mini_table_start, 1, END_OF_CHAIN, 0)
    numbers = [table_start + index for index in range(tables)]
    return header + struct.pack("<109I", *numbers, *[0xFFFFFFFF] * (109 - tables)) + b"".join(sectors)


def _directory_entry(name, kind, start, size):
    encoded = name.encode("utf-16-le")
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBB3I36x", len(encoded) + 2, kind, 1, *[0xFFFFFFFF] * 3)
    return entry + struct.pack("<IQ", start, size)


def record(kind, content=b""):
    return struct.pack("<2H", kind, len(content)) + content


def xls(*cells, formats=(), globals_=b"", version=0x0600, encoding="utf-16-le"):
    """A BIFF workbook with one sheet made of the records `cells`; style i is General for 0, else formats[i - 1]."""
    start = record(0x0809, struct.pack("<4H", version, 5, 0, 0)) + globals_
    width = 2 if version == 0x0600 else 1
    for index, code in enumerate(formats):
        start += record(0x041E, struct.pack("<H", 164 + index) + text(code, version, encoding, width=width))
    for number in (0, *range(164, 164 + len(formats))):
        start += record(0x00E0, struct.pack("<2H", 0, number) + bytes(16))
    name = text("名册", version, encoding, width=1)
    offset = len(start) + 4 + 6 + len(name) + 4
    start += record(0x0085, struct.pack("<I2B", offset, 0, 0) + name) + record(0x000A)
    sheet = record(0x0809, struct.pack("<4H", version, 0x10, 0, 0)) + b"".join(cells) + record(0x000A)
    return compound({"Workbook" if version == 0x0600 else "Book": start + sheet})


def text(string, version=0x0600, encoding="utf-16-le", *, width=2):
    if version == 0x0600:
        return len(string).to_bytes(width, "little") + b"\1" + string.encode("utf-16-le")
    encoded = string.encode(encoding)
    return len(encoded).to_bytes(width, "little") + encoded
