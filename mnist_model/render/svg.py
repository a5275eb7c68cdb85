"""SVG files on a page: HTML."""

import base64
import html


def drawing(svg: str, alt: str) -> str:
    """An SVG file's text as a picture: HTML, as wide as its place."""
    source = base64.b64encode(svg.encode()).decode()
    return f'<img class="drawing" alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{source}">'
