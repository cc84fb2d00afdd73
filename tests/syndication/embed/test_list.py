"""The headline list on a partner's page: what it shows, how it can be read, and how it looks."""

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser import Content
from tests.syndication.embed.desk import Desk, Visit

NOW = datetime(2025, 5, 19, 12, 0, tzinfo=UTC)
EVENING = "2025-05-18T22:30:00Z"


def test_list_shows_what_the_api_says(desk: Desk, visit: Visit) -> None:
    for name in ("first", "second", "third"):
        desk.publish(name, section="Plain")
    visit.show(desk.script, '<dateline-headlines section="plain" limit="2" tz="Europe/Paris"></dateline-headlines>')
    expect(visit.headlines).to_have_text(["third", "second"])
    cards = desk.timeline("section=plain&limit=2&tz=Europe/Paris")
    assert [link.get_attribute("href") for link in visit.headlines.all()] == [card["url"] for card in cards]
    assert visit.part("time").all_text_contents() == [card["local"]["time"] for card in cards]
    stamps = [time.get_attribute("datetime") for time in visit.part("time").all()]
    assert stamps == [card["published_at"] for card in cards]


def test_times_are_those_of_the_zone_and_days_are_named_unless_today(desk: Desk, visit: Visit) -> None:
    desk.publish("late", section="Clocks", published_at=EVENING)
    desk.publish("older", section="Clocks", published_at="2024-12-31T10:00:00Z")
    visit.page.clock.set_fixed_time(NOW)
    visit.show(
        desk.script,
        '<dateline-headlines section="clocks"></dateline-headlines>'
        '<dateline-headlines section="clocks" tz="America/New_York"></dateline-headlines>'
        '<dateline-headlines section="clocks" tz="Europe/Paris" lang="fr"></dateline-headlines>',
    )
    expect(visit.part("time")).to_have_text(["07:30", "31 Dec 2024", "18 May", "31 Dec 2024", "00:30", "31 déc. 2024"])
    assert visit.part("time").nth(2).get_attribute("title") == "18 May 2025 18:30"


def test_today_turns_into_yesterday_at_midnight(desk: Desk, visit: Visit) -> None:
    desk.publish("before-midnight", section="Midnight", published_at=EVENING)
    visit.page.clock.install(time=datetime(2025, 5, 18, 23, 59, tzinfo=UTC))
    visit.show(desk.script, '<dateline-headlines section="midnight" tz="UTC"></dateline-headlines>')
    expect(visit.part("time")).to_have_text(["22:30"])
    visit.page.clock.fast_forward("02:00")
    expect(visit.part("time")).to_have_text(["18 May"])


def test_headline_has_its_own_language_and_direction(desk: Desk, visit: Visit) -> None:
    desk.publish("en", headline="Port reopens", section="Both")
    desk.publish("ar", headline="الميناء يفتح أبوابه", language="ar", section="Both")
    visit.show(
        desk.script,
        '<dateline-headlines section="both"></dateline-headlines>'
        '<div dir="rtl" lang="ar"><dateline-headlines section="both"></dateline-headlines></div>',
    )
    expect(visit.headlines).to_have_count(4)
    for at, (language, direction) in enumerate([("ar", "rtl"), ("en", "ltr")] * 2):
        expect(visit.headlines.nth(at)).to_have_attribute("lang", language)
        expect(visit.headlines.nth(at)).to_have_css("direction", direction)
    for at, is_right_to_left in enumerate([False, False, True, True]):
        time, headline = visit.part("time").nth(at).bounding_box(), visit.headlines.nth(at).bounding_box()
        assert time
        assert headline
        assert (time["x"] > headline["x"]) is is_right_to_left


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ('section="ships"', ["d", "c", "b", "a"]),
        ('section="ships, trains" limit="2"', ["d", "c"]),
        ('section="ships" tag="strike"', ["b", "a"]),
        ('section="ships" tag="strike, port"', ["c", "b", "a"]),
        ('section="ships" tag="strike port"', ["b"]),
        ('section="ships" contributor="mina-haddad"', ["d"]),
        ('section="ships" language="fr"', ["c"]),
        ('section="ships" breaking', ["a"]),
        ('section="ships" breaking="false" limit="1"', ["d"]),
        ('section="ships" limit="many"', ["d", "c", "b", "a"]),
        ('section="ships" limit="0"', ["d", "c", "b", "a"]),
    ],
)
def test_attributes_filter(desk: Desk, visit: Visit, attributes: str, shown: list[str]) -> None:
    desk.publish("a", section="Ships", tags=[{"name": "Strike"}], breaking=True)
    desk.publish("b", section="Ships", tags=[{"name": "Strike"}, {"name": "Port"}])
    desk.publish("c", section="Ships", tags=[{"name": "Port"}], language="fr")
    desk.publish("d", section="Ships", contributors=[{"name": "Mina Haddad", "role": "author"}])
    visit.show(desk.script, f"<dateline-headlines {attributes}></dateline-headlines>")
    expect(visit.headlines).to_have_text(shown)


def test_changed_attributes_are_followed(desk: Desk, visit: Visit) -> None:
    desk.publish("one", section="North")
    desk.publish("two", section="South")
    visit.show(desk.script, '<dateline-headlines section="north"></dateline-headlines>')
    expect(visit.headlines).to_have_text(["one"])
    before = len(visit.requested)
    visit.page.evaluate(
        "() => { const list = document.querySelector('dateline-headlines');"
        " list.setAttribute('section', 'south'); list.setAttribute('limit', '3');"
        " list.setAttribute('heading', 'South') }"
    )
    expect(visit.headlines).to_have_text(["two"])
    expect(visit.part("heading")).to_have_text("South")
    assert len([url for url in visit.requested[before:] if "/v1/timeline" in url]) == 1
    assert visit.message.inner_text() == ""


def test_list_is_a_region_with_a_list_of_links(desk: Desk, visit: Visit) -> None:
    desk.publish("calm", section="Spoken", published_at=EVENING)
    desk.publish("loud", section="Spoken", breaking=True, published_at="2025-05-19T01:00:00Z")
    visit.page.clock.set_fixed_time(NOW)
    visit.show(
        desk.script,
        '<dateline-headlines section="spoken" heading="Ports" heading-level="3" tz="UTC"></dateline-headlines>',
    )
    expect(visit.page.locator("dateline-headlines")).to_match_aria_snapshot("""
        - region "Ports":
          - heading "Ports" [level=3]
          - list:
            - listitem:
              - time: 01:00
              - strong: Breaking
              - link "loud"
            - listitem:
              - time: 18 May
              - link "calm"
          - status
    """)
    expect(visit.part("container")).to_have_attribute("aria-busy", "false")


def test_list_without_a_heading_has_a_name_in_the_language_of_the_page(desk: Desk, visit: Visit) -> None:
    desk.publish("alors", section="Noms", breaking=True)
    names = {"fr-CA": "Derniers titres", "ar": "آخر العناوين", "tlh": "Latest headlines"}
    lists = (f'<dateline-headlines section="noms" lang="{tag}"></dateline-headlines>' for tag in names)
    own = '<dateline-headlines section="noms" text-label="Ultime" text-breaking="Adesso"></dateline-headlines>'
    visit.show(desk.script, "".join(lists) + own)
    for name in [*names.values(), "Ultime"]:
        expect(visit.page.get_by_role("region", name=name, exact=True)).to_be_visible()
    expect(visit.part("breaking")).to_have_text(["Urgent", "عاجل", "Breaking", "Adesso"])


def test_links_are_reached_by_keyboard_and_seen(desk: Desk, visit: Visit) -> None:
    desk.publish("keys", section="Keyboard")
    visit.show(desk.script, '<dateline-headlines section="keyboard" target="_top"></dateline-headlines>')
    expect(visit.headlines).to_have_attribute("target", "_top")
    visit.page.keyboard.press("Tab")
    assert visit.focused() == "keys"
    expect(visit.headlines).to_have_css("outline-style", "solid")


def test_parts_are_styled_by_the_page(desk: Desk, visit: Visit) -> None:
    desk.publish("styled", section="Style", breaking=True)
    desk.publish("plain", section="Style")
    visit.show(
        desk.script,
        '<dateline-headlines section="style" heading="Style"></dateline-headlines>',
        style="dateline-headlines { color: rgb(1, 2, 3); --dateline-gap: 31px; --dateline-rule: rgb(4, 5, 6) }"
        "dateline-headlines::part(headline) { font-size: 21px } dateline-headlines::part(breaking) { display: block }",
    )
    expect(visit.headlines.first).to_have_css("color", "rgb(1, 2, 3)")
    expect(visit.headlines.first).to_have_css("font-size", "21px")
    expect(visit.part("item").first).to_have_css("column-gap", "31px")
    expect(visit.part("item").last).to_have_css("border-top-color", "rgb(4, 5, 6)")
    # What is not there is not brought back by styling it.
    assert [mark.is_visible() for mark in visit.part("breaking").all()] == [False, True]


def test_hostile_headline_is_text(desk: Desk, visit: Visit) -> None:
    hostile = "<img src=x onerror=\"document.title='taken'\"> &amp; <script>document.title='taken'</script>"
    desk.publish("hostile", headline=hostile, section="Hostile")
    visit.show(desk.script, '<dateline-headlines section="hostile"></dateline-headlines>')
    expect(visit.headlines).to_have_text([hostile])
    assert visit.page.locator("dateline-headlines :is(img, script)").count() == 0
    assert visit.page.title() == "Partner"


@pytest.mark.parametrize("url", ["javascript:document.title='taken'", "data:text/html,x", "//", "", None])
def test_only_web_addresses_become_links(desk: Desk, visit: Visit, url: str | None) -> None:
    card = {
        "id": "019a9b02-7c11-7e88-8d31-5b2f90c4d7aa",
        "url": url,
        "headline": "Not ours",
        "language": "en",
        "breaking": False,
        "published_at": EVENING,
        "local": {"date": "2025-05-18", "time": "22:30", "offset": "+00:00"},
    }
    answer = json.dumps({"data": [card], "links": {}, "meta": {"tz": "UTC"}})
    visit.site.contents["/else/v1/timeline"] = Content(answer, {"Content-Type": "application/json"})
    visit.show(desk.script, '<dateline-headlines api="/else"></dateline-headlines>')
    expect(visit.headlines).to_have_text(["Not ours"])
    assert visit.headlines.get_attribute("href") is None


def test_strict_policy_of_the_page_needs_no_more_than_the_service(desk: Desk, visit: Visit) -> None:
    desk.publish("strict", section="Policy")
    policy = (
        f"default-src 'none'; script-src {desk.served.url}; connect-src {desk.served.url}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    violations: list[str] = []
    visit.page.on("console", lambda message: violations.append(message.text))
    visit.show(
        desk.script, '<dateline-headlines section="policy"></dateline-headlines>', Content_Security_Policy=policy
    )
    expect(visit.headlines).to_have_text(["strict"])
    expect(visit.part("item")).to_have_css("display", "grid")
    desk.publish("stricter", section="Policy")
    expect(visit.headlines).to_have_text(["stricter", "strict"])
    # The page has an empty <style>, and a browser asks for an icon.
    assert [text for text in violations if "inline style" not in text and "favicon" not in text] == []


def test_script_may_be_included_twice(desk: Desk, visit: Visit) -> None:
    desk.publish("twice", section="Twice")
    again = f'<script src="{desk.script}?again" async></script>'
    visit.show(desk.script, f'{again}<dateline-headlines section="twice"></dateline-headlines>')
    expect(visit.headlines).to_have_text(["twice"])


def test_what_stands_inside_is_shown_until_there_is_a_list(desk: Desk, visit: Visit) -> None:
    inside = '<a href="https://www.example.com/">All news</a>'
    visit.show(
        desk.script,
        f'<dateline-headlines id="none" api="http://127.0.0.1:9/">{inside}</dateline-headlines>'
        f'<dateline-headlines id="some" section="nothing-yet">{inside}</dateline-headlines>',
    )
    expect(visit.page.locator("#some [part=status] > span")).to_have_text("No headlines yet.")
    expect(visit.page.locator("#some a")).to_be_hidden()
    expect(visit.page.locator("#none a")).to_be_visible()


def test_bad_attribute_is_told_to_the_author_and_not_asked_again(desk: Desk, visit: Visit) -> None:
    told: list[str] = []
    visit.page.on("console", lambda message: told.append(message.text))
    visit.page.clock.install()
    visit.show(desk.script, '<dateline-headlines tz="Mars/Olympus"></dateline-headlines>')
    expect(visit.part("status")).to_contain_text("The headlines could not be loaded.")
    assert [text for text in told if text.startswith("dateline-headlines: tz")]
    visit.page.clock.fast_forward("10:00")
    assert len([url for url in visit.requested if "/v1/timeline" in url]) == 1
    visit.page.locator("dateline-headlines").evaluate("list => list.removeAttribute('tz')")
    expect(visit.part("container")).to_have_attribute("aria-busy", "false")
    expect(visit.part("retry")).to_be_hidden()
