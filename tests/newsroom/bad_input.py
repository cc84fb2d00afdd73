"""Article input that must be refused: what is wrong in an article that is good otherwise, and the pointer to it."""

from typing import Any

IMAGE = "https://a.example/x.jpg"
ID = "019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11"
PARAGRAPH = {"type": "paragraph", "html": "Ships wait."}

INVALID: list[tuple[dict[str, Any], str]] = [
    # Times
    *(
        ({field: value}, f"/{field}")
        for field in ("published_at", "updated_at")
        for value in (
            "2025-05-18T14:08:00",  # naive
            "2025-05-18 14:08:00Z",
            "2025-05-18T14:08Z",
            "2025-05-18",
            "2025-02-30T10:00:00Z",
            "2025-13-01T10:00:00Z",
            "2025-02-29T10:00:00Z",
            "2025-05-18T24:00:00Z",
            "2025-05-18T10:60:00Z",
            "2025-06-30T23:59:60Z",
            "2025-05-18T10:00:00+25:00",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "yesterday",
            "",
            1747577280,
            True,
        )
    ),
    # Language tags that are not BCP 47
    *(({"language": value}, "/language") for value in ("", "english", "e", "en_GB", "fr-", "-fr", "日本", "en GB", 5)),
    ({"language": None}, "/language"),
    # Texts
    ({"headline": "x" * 10_000}, "/headline"),
    ({"headline": "x" * 501}, "/headline"),
    ({"headline": ""}, "/headline"),
    ({"headline": " \n\u200b "}, "/headline"),
    ({"headline": None}, "/headline"),
    ({"headline": 5}, "/headline"),
    ({"headline": ["Harbour"]}, "/headline"),
    ({"short_headline": "x" * 501}, "/short_headline"),
    ({"summary": "x" * 5001}, "/summary"),
    ({"summary": {}}, "/summary"),
    ({"place": "x" * 501}, "/place"),
    ({"section": "x" * 201}, "/section"),
    # Wrong types
    ({"breaking": "true"}, "/breaking"),
    ({"breaking": 1}, "/breaking"),
    ({"breaking": None}, "/breaking"),
    ({"tags": None}, "/tags"),
    ({"tags": "Ukraine"}, "/tags"),
    ({"tags": ["Ukraine"]}, "/tags/0"),
    ({"tags": [{"name": "Ukraine"}, {"name": " "}]}, "/tags/1/name"),
    ({"tags": [{"kind": "place"}]}, "/tags/0/name"),
    ({"tags": [{"name": "Ukraine", "kind": "country"}]}, "/tags/0/kind"),
    ({"tags": [{"name": "x" * 201}]}, "/tags/0/name"),
    ({"tags": [{"name": f"t{n}"} for n in range(101)]}, "/tags"),
    ({"contributors": [{"name": ""}]}, "/contributors/0/name"),
    ({"contributors": [{"name": "A", "role": "x" * 51}]}, "/contributors/0/role"),
    ({"contributors": {"name": "A"}}, "/contributors"),
    ({"source": "Reuters"}, "/source"),
    ({"rights": "all"}, "/rights"),
    # Unknown fields, at every depth
    ({"colour": "red"}, "/colour"),
    ({"a/b~c": 1}, "/a~1b~0c"),
    ({"tags": [{"name": "A", "slug": "a"}]}, "/tags/0/slug"),
    ({"contributors": [{"name": "A", "email": "a@a.example"}]}, "/contributors/0/email"),
    ({"image": {"url": IMAGE, "src": IMAGE}}, "/image/src"),
    ({"source": {"name": "A", "id": 1}}, "/source/id"),
    ({"rights": {"licence": "x"}}, "/rights/licence"),
    ({"body": [PARAGRAPH | {"class": "x"}]}, "/body/0/class"),
    # Names and slugs
    ({"external_id": ID}, "/external_id"),
    ({"external_id": ID.upper()}, "/external_id"),
    ({"external_id": ""}, "/external_id"),
    ({"external_id": "x" * 201}, "/external_id"),
    ({"external_id": " a"}, "/external_id"),
    ({"external_id": "a\nb"}, "/external_id"),
    ({"external_id": 5}, "/external_id"),
    *(
        ({"slug": value}, "/slug")
        for value in ("", "news.html", "News", "a b", "a--b", "-a", "a-", "a/b", "a_b", "é" * 201, "e\u0301", ID, 5)
    ),
    ({"translation_of": ""}, "/translation_of"),
    ({"translation_of": "x" * 201}, "/translation_of"),
    # Addresses that would run or lead astray
    *(
        ({"image": {"url": value}}, "/image/url")
        for value in (
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:image/png;base64,AAAA",
            "//a.example/x.jpg",
            "/x.jpg",
            "ftp://a.example/x.jpg",
            "https://u:p@a.example/x.jpg",
            'https://a.example/"><script>',
            "",
            5,
        )
    ),
    ({"source": {"name": "A", "url": "javascript:alert(1)"}}, "/source/url"),
    ({"body": [{"type": "image", "url": "javascript:alert(1)"}]}, "/body/0/url"),
    ({"body": [PARAGRAPH, {"type": "embed", "provider": "x", "url": "javascript:alert(1)"}]}, "/body/1/url"),
    # Images
    ({"image": {}}, "/image/url"),
    ({"image": {"url": IMAGE, "width": 0}}, "/image/width"),
    ({"image": {"url": IMAGE, "width": "1200"}}, "/image/width"),
    ({"image": {"url": IMAGE, "height": 1.5}}, "/image/height"),
    ({"image": {"url": IMAGE, "focal_point": [0.5, 1.1]}}, "/image/focal_point/1"),
    ({"image": {"url": IMAGE, "focal_point": [0.5, "0.4"]}}, "/image/focal_point/1"),
    ({"image": {"url": IMAGE, "focal_point": [True, 0.4]}}, "/image/focal_point/0"),
    ({"image": {"url": IMAGE, "focal_point": [0.5, 0.4, 0.3]}}, "/image/focal_point"),
    ({"image": {"url": IMAGE, "focal_point": "0.5,0.4"}}, "/image/focal_point"),
    # Bodies
    ({"body": [PARAGRAPH], "body_html": "<p>x</p>"}, "/body_html"),
    ({"body": [PARAGRAPH], "body_text": "x"}, "/body_text"),
    ({"body_html": "<p>x</p>", "body_text": "x"}, "/body_text"),
    ({"body": [{"type": "video"}]}, "/body/0"),
    ({"body": [{"html": "x"}]}, "/body/0"),
    ({"body": [{"type": "paragraph"}]}, "/body/0/html"),
    ({"body": [{"type": "paragraph", "html": None}]}, "/body/0/html"),
    ({"body": [{"type": "heading", "level": 7, "html": "x"}]}, "/body/0/level"),
    ({"body": [{"type": "heading", "level": "2", "html": "x"}]}, "/body/0/level"),
    ({"body": [{"type": "list", "ordered": 1, "items": ["x"]}]}, "/body/0/ordered"),
    ({"body": [{"type": "list", "ordered": True, "items": [1]}]}, "/body/0/items/0"),
    ({"body": "text"}, "/body"),
    ({"body": [PARAGRAPH] * 10_001}, "/body"),
    ({"body_html": 5}, "/body_html"),
    ({"body_text": ["x"]}, "/body_text"),
]
