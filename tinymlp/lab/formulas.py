"""Formulas of an exported page as MathML, which a browser shows by itself: no MathJax, and no network."""

from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets import HasTraits

from tinymlp.lab.mathml import mathml


class WithFormulas(IPythonRenderer):
    """Writes Markdown as HTML as nbconvert does, but for the formulas."""

    def inline_math(self, body):
        """Return a formula of a sentence as MathML, or as it was written if it cannot be read."""
        return made_of(body, "inline") or super().inline_math(body)

    def block_math(self, body):
        """Return a formula on a line of its own as MathML, or as it was written if it cannot be read."""
        return made_of(body, "block") or super().block_math(body)


def made_of(formula, display):
    """Return a LaTeX formula as MathML, or "" if it cannot be read; display: "inline" or "block"."""
    try:
        return mathml(formula, display)
    except Exception:  # the library has as many kinds of errors as LaTeX has mistakes
        return ""


@pass_context
class Markdown(HasTraits):
    """The filter `markdown2html` of nbconvert's templates, made by an exporter, with its options."""

    def __init__(self, parent):
        super().__init__()
        self.exporter = parent

    def __call__(self, context, source):
        """Return Markdown as HTML."""
        options = self.exporter
        renderer = WithFormulas(
            escape=False,
            attachments=context.get("cell", {}).get("attachments", {}),
            path=context.get("resources", {}).get("metadata", {}).get("path", ""),
            embed_images=options.embed_images,
            anchor_link_text=options.anchor_link_text,
            exclude_anchor_links=options.exclude_anchor_links,
        )
        return MarkdownWithMath(renderer=renderer).render(source)
