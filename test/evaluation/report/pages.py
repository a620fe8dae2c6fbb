"""Pages taken apart."""

from html.parser import HTMLParser

HOSTILE = (
    '</script><script>window.hit=1</script></details></pre></svg><img src=x onerror="window.hit=1">'
    "<svg onload=window.hit=1>'\"`{{ 7 * 7 }}<!--\u2028\u202egnp.exe& &amp; ]]>"
)
"""Text that tries to be markup and script, and to turn what follows it around."""
_VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """A page taken apart; it fails on an element that is closed by another's end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open += [tag] * (tag not in _VOID)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    def all_of(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of all elements of a name."""
        return [attributes for name, attributes in self.tags if name == tag]

    def within(self, tag: str) -> list[str]:
        """Text of all elements of a name."""
        return [data for name, data in self.texts if name == tag]
