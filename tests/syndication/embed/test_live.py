"""The headline list as news arrives, goes, and cannot be had: no reload, and no more than its share is taken."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.processes import LIMIT_SECONDS, free_port
from tests.syndication.embed.desk import Desk, Visit, open_desk


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service where each client may have one stream."""
    with open_desk(tmp_path_factory.mktemp("narrow"), streams_per_client="1") as opened:
        yield opened


def stream_status(desk: Desk) -> int:
    """How a stream is answered now."""
    with httpx.stream("GET", f"{desk.served.url}/v1/stream") as stream:
        return stream.status_code


def wait_for_stream(desk: Desk, status: int) -> None:
    """Returns once streams are answered so: 200 when there is a place, 429 when there is none."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while (found := stream_status(desk)) != status:
        assert time.monotonic() < deadline, f"streams are answered with {found}"
        time.sleep(0.1)


def test_news_arrives_changes_and_goes_without_a_reload(desk: Desk, visit: Visit) -> None:
    desk.publish("old", section="Live")
    visit.show(desk.script, '<dateline-headlines section="live" limit="2"></dateline-headlines>')
    expect(visit.headlines).to_have_text(["old"])
    expect(visit.message).to_have_text("")
    desk.publish("new", section="Live")
    expect(visit.headlines).to_have_text(["new", "old"])
    expect(visit.message).to_have_text("New headlines: 1")
    expect(visit.part("news")).to_have_attribute("role", "status")
    desk.publish("new", headline="newer", section="Live", breaking=True)
    expect(visit.headlines).to_have_text(["newer", "old"])
    expect(visit.part("breaking").first).to_be_visible()
    expect(visit.message).to_have_text("")
    desk.withdraw("old")
    expect(visit.headlines).to_have_text(["newer"])
    assert [url for url in visit.requested if "/v1/timeline?" in url and "&min_seq=" in url]


def test_withdrawn_headline_goes_before_the_list_is_read_again(desk: Desk, visit: Visit) -> None:
    for name in ("keep", "take-back"):
        desk.publish(name, section="Recall")
    visit.show(desk.script, '<dateline-headlines section="recall"></dateline-headlines>')
    expect(visit.headlines).to_have_text(["take-back", "keep"])
    desk.served.rest()
    visit.page.route("**/v1/timeline?**", lambda route: route.abort())
    desk.withdraw("take-back")
    expect(visit.headlines).to_have_text(["keep"])


def test_article_that_leaves_the_filter_leaves_the_list(desk: Desk, visit: Visit) -> None:
    desk.publish("mover", section="Leaving")
    visit.show(desk.script, '<dateline-headlines section="leaving"></dateline-headlines>')
    expect(visit.headlines).to_have_text(["mover"])
    desk.publish("mover", section="Elsewhere")
    expect(visit.message).to_have_text("No headlines yet.")


def test_focus_stays_with_its_article(desk: Desk, visit: Visit) -> None:
    for name in ("f1", "f2", "f3"):
        desk.publish(name, section="Focus")
    visit.show(desk.script, '<dateline-headlines section="focus"></dateline-headlines>')
    expect(visit.headlines).to_have_text(["f3", "f2", "f1"])
    visit.headlines.nth(1).focus()
    desk.publish("f4", section="Focus")
    expect(visit.headlines).to_have_text(["f4", "f3", "f2", "f1"])
    assert visit.focused() == "f2"
    desk.publish("f2", headline="f2, again", section="Focus")
    expect(visit.headlines).to_have_text(["f4", "f3", "f2, again", "f1"])
    assert visit.focused() == "f2, again"


def test_focus_goes_to_the_neighbour_of_an_article_that_goes(desk: Desk, visit: Visit) -> None:
    for name in ("n1", "n2", "n3"):
        desk.publish(name, section="Neighbours")
    visit.show(desk.script, '<dateline-headlines section="neighbours"></dateline-headlines>')
    visit.headlines.nth(1).focus()
    desk.withdraw("n2")
    expect(visit.headlines).to_have_text(["n3", "n1"])
    assert visit.focused() == "n1"
    desk.withdraw("n1")
    expect(visit.headlines).to_have_text(["n3"])
    assert visit.focused() == "n3"


def test_nobody_else_loses_the_focus(desk: Desk, visit: Visit) -> None:
    desk.publish("g1", section="Writing")
    visit.show(desk.script, '<input><dateline-headlines section="writing"></dateline-headlines>')
    expect(visit.headlines).to_have_text(["g1"])
    visit.page.locator("input").focus()
    desk.publish("g2", section="Writing")
    expect(visit.headlines).to_have_text(["g2", "g1"])
    expect(visit.page.locator("input")).to_be_focused()


def test_lists_that_ask_alike_share_a_filtered_stream(desk: Desk, visit: Visit) -> None:
    desk.publish("s1", section="Shared")
    one = '<dateline-headlines section="shared"></dateline-headlines>'
    visit.show(desk.script, one + one.replace("section", 'limit="1" section'))
    expect(visit.headlines).to_have_text(["s1", "s1"])
    desk.publish("s2", section="Shared")
    expect(visit.headlines).to_have_text(["s2", "s1", "s2"])
    assert [query.partition("&")[2] for query in visit.streams] == ["section=shared"]


def test_lists_that_ask_differently_share_a_stream_of_everything(desk: Desk, visit: Visit) -> None:
    desk.publish("l1", section="Left")
    desk.publish("r1", section="Right")
    visit.show(
        desk.script,
        '<dateline-headlines section="left"></dateline-headlines>'
        '<dateline-headlines section="right"></dateline-headlines>',
    )
    expect(visit.headlines).to_have_text(["l1", "r1"])
    desk.publish("r2", section="Right")
    desk.publish("l2", section="Left")
    expect(visit.headlines).to_have_text(["l2", "l1", "r2", "r1"])
    assert [query.partition("&")[2] for query in visit.streams] == [""]


def test_list_that_joins_later_is_live_too(desk: Desk, visit: Visit) -> None:
    desk.publish("j1", section="Joined")
    visit.show(desk.script, '<dateline-headlines section="nobody"></dateline-headlines>')
    expect(visit.message).to_have_text("No headlines yet.")
    desk.publish("j2", section="Joined")
    visit.page.evaluate(
        "() => { const list = document.createElement('dateline-headlines');"
        " list.setAttribute('section', 'joined'); document.body.append(list) }"
    )
    expect(visit.headlines).to_have_text(["j2", "j1"])
    desk.publish("j3", section="Joined")
    expect(visit.headlines).to_have_text(["j3", "j2", "j1"])


def test_list_that_is_removed_gives_its_stream_back(narrow: Desk, visit: Visit) -> None:
    wait_for_stream(narrow, 200)
    visit.show(narrow.script, '<dateline-headlines section="removed"></dateline-headlines>')
    wait_for_stream(narrow, 429)
    visit.page.locator("dateline-headlines").evaluate("list => list.remove()")
    wait_for_stream(narrow, 200)


def test_page_out_of_sight_gives_its_stream_back_and_catches_up_later(narrow: Desk, visit: Visit) -> None:
    wait_for_stream(narrow, 200)
    visit.page.clock.install()
    visit.show(narrow.script, '<dateline-headlines section="sight"></dateline-headlines>')
    wait_for_stream(narrow, 429)
    visit.hide(hidden=True)
    visit.page.clock.fast_forward("00:30")
    assert stream_status(narrow) == 429
    visit.page.clock.fast_forward("00:31")
    wait_for_stream(narrow, 200)
    narrow.publish("unseen", section="Sight")
    visit.hide(hidden=False)
    expect(visit.headlines).to_have_text(["unseen"])
    narrow.publish("seen", section="Sight")
    expect(visit.headlines).to_have_text(["seen", "unseen"])


def test_list_is_polled_where_there_is_no_stream_to_be_had(narrow: Desk, visit: Visit) -> None:
    wait_for_stream(narrow, 200)
    with httpx.stream("GET", f"{narrow.served.url}/v1/stream") as taken:
        assert taken.status_code == 200
        visit.page.clock.install()
        visit.show(narrow.script, '<dateline-headlines section="polled"></dateline-headlines>')
        expect(visit.message).to_have_text("No headlines yet.")
        narrow.publish("polled", section="Polled")
        visit.retried_until(["polled"])
    narrow.publish("later", section="Polled")
    visit.retried_until(["later", "polled"])
    narrow.publish("streamed", section="Polled")
    expect(visit.headlines).to_have_text(["streamed", "later", "polled"])


def test_list_outlives_the_service_and_is_live_again_after_it(tmp_path: Path, visit: Visit) -> None:
    port = free_port()
    with open_desk(tmp_path, port=str(port)) as desk:
        desk.publish("before", section="Outage")
        visit.page.clock.install()
        visit.show(desk.script, '<dateline-headlines section="outage"></dateline-headlines>')
        expect(visit.headlines).to_have_text(["before"])
    visit.page.wait_for_event("requestfailed", lambda request: "/v1/timeline" in request.url)
    expect(visit.headlines).to_have_text(["before"])
    with open_desk(tmp_path, port=str(port)) as desk:
        desk.publish("meanwhile", section="Outage")
        visit.retried_until(["meanwhile", "before"])
        desk.publish("after", section="Outage")
        expect(visit.headlines).to_have_text(["after", "meanwhile", "before"])


def test_reader_is_told_what_failed_and_can_try_again(desk: Desk, visit: Visit) -> None:
    desk.publish("at-last", section="Retry")
    visit.page.clock.install()
    visit.page.clock.pause_at(2_000_000_000_000)
    visit.page.route("**/v1/timeline?**", lambda route: route.abort())
    visit.show(desk.script, '<dateline-headlines section="retry"></dateline-headlines>')
    visit.page.clock.run_for(10)
    expect(visit.part("status")).to_have_text("The headlines could not be loaded.Try again")
    expect(visit.part("status")).to_have_attribute("role", "status")
    visit.page.unroute("**/v1/timeline?**")
    visit.part("retry").focus()
    visit.page.keyboard.press("Enter")
    expect(visit.headlines).to_have_text(["at-last"])
    expect(visit.part("retry")).to_be_hidden()
    assert visit.focused() == "at-last"
