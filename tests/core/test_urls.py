from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.urls import is_web_url, join, page_name


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a?b=c&d=[e]|f#g",
        "HTTPS://EXAMPLE.ORG/",
        "https://例え.テスト/パス?ク=エ",
        "https://वेबसाइट.भारत/",
        "https://xn--r8jz45g.xn--zckzah/",
        "http://127.0.0.1/",
        "http://[2001:db8::1]:80/x",
        "http://localhost/",
        "https://a_b.example./",
        "https://example.org/it's(fine)",
        "https://example.org/" + "x" * 2028,
    ],
)
def test_web_url_is_recognised(url: str) -> None:
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "/path",
        "//example.org/",
        "https:/example.org",
        "https:example.org",
        "https://",
        "https:///path",
        "https://?x",
        "https://.",
        "https://a..b/",
        "https://-a.example/",
        "https://a-.example/",
        "https://a%2eb/",
        "https://" + "x" * 64 + ".example/",
        "https://" + "x." * 127 + "example/",
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://example.org:x/",
        "https://[::g]/",
        "https://[::1/",
        "https://[v1.a]/",
        "https://user@example.org/",
        "https://user:secret@example.org/",
        "https://@example.org/",
        "https://good.example\\@evil.example/",
        "https://example.org/a b",
        " https://example.org/",
        "https://example.org/\n",
        "https://exam\tple.org/",
        "https://example.org/\0",
        "https://example.org/\u202e",
        "https://example.org/\u00a0",
        "https://example.org/\ud800",
        'https://example.org/"',
        "https://example.org/<x>",
        "https://example.org/" + "x" * 2029,
        "https://a\u2100.example/",
        "javascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,x",
        "ftp://example.org/",
        "file:///etc/passwd",
        "mailto:a@example.org",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    assert not is_web_url(url)


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        ("https://s.example", "story", "https://s.example/story"),
        ("https://s.example/", "/story", "https://s.example/story"),
        ("https://s.example/news/", "a/b", "https://s.example/news/a/b"),
        ("https://s.example", "محمد", "https://s.example/%D9%85%D8%AD%D9%85%D8%AF"),
        ("https://s.example", "a b?c#d%e", "https://s.example/a%20b%3Fc%23d%25e"),
        ("https://s.example", "a-b_c.d~e", "https://s.example/a-b_c.d~e"),
    ],
)
def test_path_is_joined_and_encoded(base: str, path: str, url: str) -> None:
    assert join(base, path) == url


@given(st.text(min_size=1, max_size=100).filter(lambda path: not path.startswith("/")))
def test_joined_path_is_a_web_url_that_says_the_same(path: str) -> None:
    url = join("https://s.example", path)
    assert is_web_url(url)
    assert unquote(urlsplit(url).path) == f"/{path}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example.org/a", "https://example.org/a"),
        ("https://EXAMPLE.org:443/a/", "https://example.org/a"),
        ("https://example.org", "http://example.org/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a#top", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&UTM_Medium=y&fbclid=z", "https://example.org/a"),
        ("https://example.org/a?b=1&c=2", "https://example.org/a?c=2&b=1"),
        ("https://example.org/%7Eines/caf%c3%a9", "https://example.org/~ines/café"),
        ("https://example.org/cafe\u0301", "https://example.org/caf\u00e9"),
        ("https://example.org/?q=cafe\u0301", "https://example.org/?q=caf%C3%A9"),
        ("https://example.org/مرفأ", "https://example.org/%D9%85%D8%B1%D9%81%D8%A3"),
        ("https://例え.テスト/パス", "https://xn--r8jz45g.xn--zckzah/%E3%83%91%E3%82%B9"),
    ],
)
def test_addresses_of_one_page_have_one_name(one: str, other: str) -> None:
    assert page_name(one) == page_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a", "https://example.org:8080/a"),
        ("https://example.org/a", "https://news.example.org/a"),
        ("https://example.org/a?id=1", "https://example.org/a?id=2"),
        ("https://example.org/a?id", "https://example.org/a"),
        ("https://example.org/?a=1&a=2", "https://example.org/?a=2&a=1"),
        ("https://example.org/#!/17", "https://example.org/#!/18"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/a%3Fb", "https://example.org/a?b"),
        ("https://example.org/%ff", "https://example.org/%fe"),
    ],
)
def test_other_pages_have_other_names(one: str, other: str) -> None:
    assert page_name(one) != page_name(other)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_every_web_url_names_a_page(rest: str) -> None:
    url = f"https://example.org/{rest}"
    if is_web_url(url):
        assert page_name(f"https://{page_name(url)}") == page_name(url)
