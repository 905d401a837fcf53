"""What applies to a paragraph, a run or a table of a document once its styles are resolved (ECMA-376 17.7)."""

from organizations.papers.ooxml import attribute, child, children, local_name, written

# Properties of which the attributes of an outer layer that the inner does not name stay in force
MERGED = {"ind", "spacing", "rFonts"}
DEEPEST = 20
"""Steps from a style to those it is based on; more are a circle."""


def layered(layers):
    """{tag: {attribute: value} or element} of the property elements `layers`, the later ones before the earlier."""
    found = {}
    for layer in layers:
        for element in () if layer is None else layer:
            name = local_name(element)
            if name in MERGED:
                own = {local: text for (_ns, local), text in split_attributes(element)}
                found[name] = {**found.get(name, {}), **own}
            elif name:
                found[name] = element
    return found


def split_attributes(element):
    for key, text in element.attrib.items():
        space, _brace, local = key.rpartition("}")
        yield (space, local), text


class Styles:
    def __init__(self, element):
        """`element`: the root of the styles part, None without one."""
        self.styles = {attribute(each, "styleId"): each for each in children(element, "style")}
        defaults = child(element, "docDefaults")
        self.default_run = child(defaults, "rPrDefault", "rPr")
        self.default_paragraph = child(defaults, "pPrDefault", "pPr")
        self.usual = next(
            (
                attribute(each, "styleId")
                for each in self.styles.values()
                if attribute(each, "type") == "paragraph" and attribute(each, "default") in ("1", "true")
            ),
            None,
        )
        # most paragraphs and runs of a paper look like others: what applies is put together once
        self._chains, self._paragraphs, self._runs = {}, {}, {}

    def chain(self, style_id):
        """The style and those it is based on, the outermost first."""
        if style_id not in self._chains:
            found, at = [], style_id
            while at in self.styles and len(found) < DEEPEST:
                found.insert(0, self.styles[at])
                at = attribute(child(self.styles[at], "basedOn"), "val")
            self._chains[style_id] = found
        return self._chains[style_id]

    def paragraph(self, properties):
        """What applies to a paragraph with the element `properties` (``w:pPr``, may be None)."""
        key = written(properties)
        if key not in self._paragraphs:
            chain = self.chain(self._style_around(properties))
            layers = [self.default_paragraph, *(child(style, "pPr") for style in chain), properties]
            self._paragraphs[key] = layered(layers)
        return self._paragraphs[key]

    def run(self, paragraph_properties, properties):
        """What applies to a run of a paragraph with these property elements."""
        around = self._style_around(paragraph_properties)
        key = around, written(properties)
        if key not in self._runs:
            chain = [*self.chain(around), *self.chain(attribute(child(properties, "rStyle"), "val"))]
            layers = [self.default_run, *(child(style, "rPr") for style in chain), properties]
            self._runs[key] = layered(layers)
        return self._runs[key]

    def _style_around(self, paragraph_properties):
        return attribute(child(paragraph_properties, "pStyle"), "val", self.usual)

    def table(self, properties):
        """What applies to a table with the element `properties` (``w:tblPr``)."""
        chain = self.chain(attribute(child(properties, "tblStyle"), "val"))
        return layered([*(child(style, "tblPr") for style in chain), properties])
