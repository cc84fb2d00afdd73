"""Web addresses in the characters of RFC 3986."""

import pytest

from app.syndication.addresses import image_type, uri
from tests.syndication.standards import faults


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://a.example/b?c=d&e='f'#g", "https://a.example/b?c=d&e='f'#g"),
        ("https://a.example/%D8%A7", "https://a.example/%D8%A7"),
        ("urn:uuid:019a9c5e-8a3c-7c41-9d5e-000000000001", "urn:uuid:019a9c5e-8a3c-7c41-9d5e-000000000001"),
        ("https://[2001:db8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        ("https://a.example/é", "https://a.example/%C3%A9"),
        ("https://a.example/%zz/50%", "https://a.example/%25zz/50%25"),
        ("https://a.example/a^b`{|}", "https://a.example/a%5Eb%60%7B%7C%7D"),
        ("https://a.example/?x[]=1#a#b", "https://a.example/?x%5B%5D=1#a%23b"),
        ("https://bücher.example:8080/straße", "https://xn--bcher-kva.example:8080/stra%C3%9Fe"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://☃.example/", "https://%E2%98%83.example/"),
        ("https://مثال.example/مرحبا", "https://xn--mgbh0fb.example/%D9%85%D8%B1%D8%AD%D8%A8%D8%A7"),
    ],
)
def test_address_is_a_uri(address: str, written: str) -> None:
    assert uri(address) == written
    assert uri(written) == written
    assert faults({"version": written, "title": "", "items": []}, "jsonfeed-1.1") == []


@pytest.mark.parametrize(
    ("url", "media_type"),
    [
        ("https://a.example/b.jpg", "image/jpeg"),
        ("https://a.example/b.JPEG?c=d.png", "image/jpeg"),
        ("https://a.example/b.webp#c", "image/webp"),
        ("https://a.example/b.php?id=1", None),
        ("https://a.example/", None),
    ],
)
def test_type_of_a_picture_is_told_by_its_name(url: str, media_type: str | None) -> None:
    assert image_type(url) == media_type
