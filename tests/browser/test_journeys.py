"""The three journeys of the product, clicked through as people do."""

import re

from playwright.sync_api import expect

REPORT = "/publications/who-holds-the-map/"


def choose_page(page, button, title: str):
    """Press a chooser's button and pick the page called ``title`` in the dialogue."""
    button.click()
    dialogue = page.locator(".modal-dialog")
    dialogue.get_by_role("textbox", name="Search").fill(title)
    dialogue.get_by_role("link", name=title, exact=True).first.click()
    expect(dialogue).to_have_count(0)


def test_a_reader_comments_without_javascript_and_a_moderator_approves_it(visitor):
    words = "Print the list on yellow paper, Wilhelmina says.\n\n2. And kept where the soup is."
    reader = visitor(java_script_enabled=False)
    page = reader.page
    page.goto(REPORT)
    page.fill("[name=comment]", words)
    page.fill("[name=name]", "Wilhelmina Ossory")
    page.fill("[name=email]", "w.ossory@readers.example")
    page.locator("form:has([name=comment]) [type=submit]").click()

    expect(page.locator("main")).to_contain_text("Print the list on yellow paper")
    assert page.input_value("[name=comment]").replace("\r", "") == words
    page.locator("form:has([name=comment]) [type=submit]").click()

    expect(page).to_have_url(re.compile(r"/discussion/\d+/yours/\?posted"))
    expect(page.locator("main")).to_contain_text("Waiting for a moderator to read it")
    page.goto(REPORT)
    assert "yellow paper, Wilhelmina" not in page.content()
    assert reader.asked_only_us()

    moderator = visitor()
    page = moderator.log_in("moderator")
    page.get_by_role("link", name=re.compile(r"^Discussion \(\d+\)")).click()
    page.get_by_role("link", name=re.compile("Print the list on yellow paper")).first.click()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("body")).to_contain_text("was published")
    assert moderator.errors == []

    reader.page.goto(REPORT + "#comments")
    article = reader.page.locator("article", has=reader.page.locator("h3", has_text="Wilhelmina Ossory")).last
    expect(article.locator("ol")).to_have_attribute("start", "2")
    assert reader.errors == []


def test_a_reader_with_javascript_comments_in_one_step(visitor):
    reader = visitor()
    page = reader.page
    page.goto("/articles/ego-is-a-leak/")
    page.locator("[name=comment]").click()
    page.fill("[name=comment]", "One step is enough.")
    expect(page.locator("[name=token]")).not_to_have_value("")
    page.fill("[name=name]", "Ottoline Brack")
    page.fill("[name=email]", "o.brack@readers.example")
    page.locator("form:has([name=comment]) [type=submit]").click()

    expect(page).to_have_url(re.compile(r"/discussion/\d+/yours/\?posted"))
    expect(page.locator("main")).to_contain_text("One step is enough.")
    assert reader.errors == []
    assert reader.asked_only_us()


def test_an_editor_publishes_an_interview_and_the_link_shows_at_both_ends(visitor):
    editor = visitor(viewport={"width": 1400, "height": 1000})
    page = editor.log_in("editor")
    page.goto("/publications/who-holds-the-map/")
    page.goto("/admin/pages/")
    page.get_by_role("link", name="Saltmarsh Institute", exact=True).first.click()
    page.get_by_role("link", name="Interviews", exact=True).first.click()
    page.get_by_role("link", name=re.compile("Add child page")).first.click()
    page.get_by_role("link", name=re.compile("^Interview")).first.click()

    page.fill("#id_title", "Wilma Thorne on the empty hall")
    page.fill("#id_summary", "The caretaker of the school hall at Upper Oake had the keys, and nobody asked her.")
    page.get_by_role("button", name=re.compile("Add contributor", re.IGNORECASE)).click()
    page.select_option("#id_contributions-0-role", "interviewer")
    page.fill("#id_contributions-0-name", "Tobias Renn")
    page.get_by_role("button", name=re.compile("Add contributor", re.IGNORECASE)).click()
    page.select_option("#id_contributions-1-role", "interviewee")
    page.fill("#id_contributions-1-name", "Wilma Thorne")

    page.locator("[data-streamfield-stream-container] button[title='Insert a block']").first.click()
    page.get_by_role("option", name=re.compile("Question or answer")).click()
    page.locator("#body-0-value-label").fill("T.X.")
    page.select_option("#body-0-value-part", "question")
    page.locator("#panel-child-content-body-section [role=textbox], [data-contentpath=body] [role=textbox]").first.fill("Who had the keys?")

    page.get_by_role("button", name=re.compile("Add link", re.IGNORECASE)).click()
    page.select_option("#id_links-0-kind", "interview-for")
    choose_page(page, page.locator("#id_links-0-target-chooser button", has_text="Choose").first, "Who holds the map?")

    page.locator("[name=action-publish], [value=action-publish]").first.evaluate("button => button.click()")
    expect(page.locator("body")).to_contain_text("No contributor of this page has the label “T.X.”")
    assert page.input_value("#id_title") == "Wilma Thorne on the empty hall"
    page.locator("#body-0-value-label").fill("T.R.")
    page.locator("[name=action-publish], [value=action-publish]").first.evaluate("button => button.click()")
    expect(page.locator(".messages")).to_contain_text("published")
    assert editor.errors == []
    print(f"\nscript policy, report only, in the admin: {len(editor.reports)} reports")  # noqa: T201

    reader = visitor()
    reader.page.goto("/interviews/wilma-thorne-on-the-empty-hall/")
    expect(reader.page.get_by_role("link", name=re.compile("Who holds the map")).first).to_be_visible()
    reader.page.goto(REPORT)
    expect(reader.page.locator("main")).to_contain_text("Wilma Thorne")
    assert reader.errors == []
