"""A lesson with a class in real browsers: a teacher's projector and three phones."""

import sqlite3
import sys
from subprocess import run

import pytest

from tests.conftest import free_port, served
from tests.test_accessibility import faults

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
BAR = ".class-bar"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("class")


@pytest.fixture(scope="module")
def school(home):
    """A server that others can reach, as far as it knows; in truth it listens to this machine only."""
    port = free_port()
    with served(port, MNIST_RUNS=str(home), MNIST_REACHED_AT=f"0.0.0.0:{port}") as url:
        yield url


@pytest.fixture
def comes(browser, school):
    """Opens a window of somebody's: `comes(PHONE)`."""
    contexts = []

    def come(screen, path="/"):
        contexts.append(browser.new_context(base_url=school, **screen))
        contexts[-1].set_default_timeout(60_000)
        page = contexts[-1].new_page()
        page.goto(path, wait_until="commit")
        return page

    yield come
    for each in contexts:
        for page in each.pages:
            assert page.get_by_test_id("stException").count() == 0
        each.close()


def link_of_the_teacher(home, school) -> str:
    """What is printed where the server is started."""
    port = school.rpartition(":")[2]
    command = [sys.executable, "-m", "mnist_model", "addresses", "0.0.0.0", port]
    text = run(command, capture_output=True, text=True, check=True, env={"MNIST_RUNS": str(home)}).stdout
    (link,) = (word for word in text.split() if "/teach/" in word)
    return link.partition(f":{port}")[2]


def see(page, selector: str, text: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator(selector).first).to_contain_text(text)


def press(page, name: str) -> None:
    page.locator(BAR).get_by_role("button", name=name).click()


def write_a_seven(page) -> None:
    box = page.locator("dialog.writing canvas").bounding_box()
    corners = [(0.3, 0.25), (0.7, 0.25), (0.45, 0.8)]
    (first, *others) = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def test_a_class_joins_follows_votes_and_writes_its_digits(comes, home, school):
    teacher = comes(PROJECTOR, link_of_the_teacher(home, school))
    phones = [comes(PHONE) for _ in range(3)]
    all_join(teacher, phones)
    all_follow_to_the_first_step(teacher, phones)
    all_vote_and_see_it_revealed(teacher, phones)
    all_go_on_and_look_up(teacher, phones)
    two_write_digits(teacher, phones)
    the_wall_opens_and_one_digit_is_hidden(teacher, phones[2])
    all_is_erased_where_it_is_looked_at(teacher, phones[2])


def all_join(teacher, phones) -> None:
    for phone in phones:
        phone.wait_for_selector(f"{BAR} .badge")
    names = {phone.locator(f"{BAR} .badge").text_content() for phone in phones}
    assert len(names) == 3, "people find themselves"
    for page in (teacher, phones[0]):
        the_bar_covers_nothing(page)
    see(teacher, ".invitation", "3 joined")


def all_follow_to_the_first_step(teacher, phones) -> None:
    teacher.goto("/?lesson=moving&step=1", wait_until="commit")
    teacher.wait_for_selector(".lesson-strip .body")
    press(teacher, "Follow me")
    for phone in phones:
        see(phone, ".lesson-strip", "A picture is numbers")
        assert phone.locator(".lesson-strip .asked .field").is_hidden(), "one votes together"


def all_vote_and_see_it_revealed(teacher, phones) -> None:
    press(teacher, "Ask the class")
    see(phones[0], BAR, "neither")
    assert [faults(page, scheme) for page in (phones[0], teacher) for scheme in ("light", "dark")] == [[]] * 4
    for phone, answer in zip(phones, ["neither", "neither", "the order of the strokes"], strict=True):
        press(phone, answer)
        see(phone, BAR, "Sent. You may still change it.")
    see(teacher, BAR, "3 answered")
    assert not any("2" in row for row in teacher.locator(".vote-row").all_text_contents())
    press(teacher, "Close the vote")
    see(phones[0], BAR, "The vote is closed.")
    press(teacher, "Reveal")
    see(teacher, ".vote-row.right", "neither2")
    for phone, said in zip(phones, ["You were right.", "You were right.", "Not quite."], strict=True):
        see(phone, BAR, said)
        see(phone, ".lesson-strip .shown", "neither the order of the strokes")


def all_go_on_and_look_up(teacher, phones) -> None:
    teacher.locator('[data-step="next"]').click()
    for phone in phones:
        see(phone, ".lesson-strip", "2 of ")
        see(phone, "h1.title", "Data")
    press(teacher, "Eyes up")
    for phone in phones:
        phone.wait_for_selector(".eyes-up:not([hidden])")
    press(teacher, "Let go")


def two_write_digits(teacher, phones) -> None:
    teacher.goto("/class", wait_until="commit")
    teacher.get_by_role("button", name="Ask for digits").click()
    for phone in phones[:2]:
        press(phone, "Write digits for the class")
        write_a_seven(phone)
        phone.get_by_role("button", name="Send").click()
        see(phone, "dialog.writing", "1 sent.")
        phone.get_by_role("button", name="Done").click()
    see(teacher, ".invitation", "2 digits written")


def the_wall_opens_and_one_digit_is_hidden(teacher, phone) -> None:
    phone.goto("/class", wait_until="commit")
    see(phone, ".class-room .closed", "opens when the teacher opens it")
    teacher.get_by_role("button", name="Open the wall").click()
    for page in (teacher, phone):
        page.locator(".wall figure").nth(1).wait_for()
        see(page, ".wall figure", "dense 7")
        if page is teacher:
            page.get_by_role("button", name="Measure our digits").click()
            page.locator("table.shares").first.wait_for()
        assert [faults(page, scheme) for scheme in ("light", "dark")] == [[]] * 2
        hides_what_networks_said(page)
    assert phone.get_by_role("button", name="Hide").count() == 0
    teacher.locator(".wall figure").first.get_by_role("button", name="Hide", exact=True).click()
    for page in (teacher, phone):
        page.locator(".wall figure").nth(1).wait_for(state="detached")


def hides_what_networks_said(page) -> None:
    said = page.locator(".wall .right b, .wall .wrong b, table.shares td").filter(visible=True)
    assert said.count() >= 4
    page.keyboard.press("h")
    page.wait_for_function("document.querySelector('.screen')?.dataset.hide")
    assert said.count() == 0 and not page.locator(".wall [alt*='7']").count()
    page.keyboard.press("h")
    said.first.wait_for()


def the_bar_covers_nothing(page) -> None:
    """But for the sidebar, which can be scrolled; not the menu of a phone."""
    box, other = (page.locator(place).bounding_box() for place in (BAR, "[data-testid=stMainMenu]"))
    sidebar = page.get_by_test_id("stSidebar").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= (sidebar["width"] or other["x"])


def all_is_erased_where_it_is_looked_at(teacher, phone) -> None:
    phone.goto("/data?split=ours", wait_until="commit")
    see(phone, ".st-key-picked", "Our digit 0, by the")
    phone.wait_for_function("window.nudgeClass.oldest > 0")  # else it would not know that it shows something erased
    teacher.once("dialog", lambda dialog: dialog.accept())
    teacher.get_by_role("button", name="Erase everything of this class").click()
    phone.get_by_text("The wall is not open yet.").wait_for()
    phone.locator(".st-key-picked").wait_for(state="detached")
    see(teacher, ".invitation", "0 digits written")


def test_nobody_joins_where_only_this_machine_can_come(page, server):
    page.goto("/class", wait_until="commit")
    see(page, ".intro", "There is no class here")
    assert page.locator(BAR).count() == 0 and page.evaluate("window.nudgeClass.told") is None


def test_after_a_lost_server_the_phones_come_back_by_themselves(browser, tmp_path):
    port = free_port()
    environment = {"MNIST_RUNS": str(tmp_path), "MNIST_REACHED_AT": f"0.0.0.0:{port}"}
    context = browser.new_context(**PHONE)
    phone = context.new_page()
    with served(port, **environment) as url:
        phone.goto(url, wait_until="commit")
        phone.wait_for_selector(f"{BAR} .badge")
        name = phone.locator(f"{BAR} .badge").text_content()
    see(phone, BAR, "out of reach")
    with sqlite3.connect(tmp_path / "class.sqlite") as database:
        database.execute("UPDATE room SET mode = 'eyes up', version = version + 1")
    with served(port, **environment):
        phone.wait_for_selector(".eyes-up:not([hidden])")
        assert phone.locator(f"{BAR} .badge").text_content() == name
    context.close()
