"""The guideline as the HTML that Label Studio shows as a project's instructions."""

__all__ = ["instruction"]

# Label Studio's page shows no bullets, leaves no distance between blocks, and takes `style` out of what it is given.
_APART = {"<li>": "<li>• ", "<h2>": "<br><h2>", "</table>": "</table><br>"}


def instruction(markdown: str) -> str:
    """Turn the guideline's Markdown (CommonMark and tables; HTML in it is shown, not obeyed) into HTML."""
    from markdown_it import MarkdownIt

    html = str(MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown))
    for tag, apart in _APART.items():
        html = html.replace(tag, apart)
    return html
