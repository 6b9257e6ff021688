"""The three journeys of the product, clicked through as people do."""

import re

from playwright.sync_api import expect

REPORT = "/publications/who-holds-the-map/"


THINKING = 2100  # milliseconds; what comes faster than that counts as a program's


def choose_page(page, row, title: str):
    """Press a row's page chooser and pick the page called ``title`` in the dialogue."""
    row.get_by_role("button", name="Choose a page").click()
    dialogue = page.locator(".modal-dialog")
    dialogue.locator("[name=q]").fill(title)
    dialogue.get_by_role("link", name=title).first.click()
    expect(dialogue).to_have_count(0)


def explore(page, title: str):
    """Go down to the list of pages beneath the section called ``title``."""
    page.goto("/admin/pages/")
    for name in ("Saltmarsh Institute", title):
        page.get_by_role("link", name=re.compile(f"child pages of .{name}")).first.click()


def post(page):
    page.locator("form:has([name=comment])").get_by_role("button", name="Post comment").click()


def publish(page):
    page.get_by_role("button", name="More actions").click()
    with page.expect_navigation(timeout=60_000):
        page.get_by_role("button", name="Publish", exact=True).click()


def test_a_reader_comments_without_javascript_and_a_moderator_approves_it(visitor):
    words = "Print the list on yellow paper, Wilhelmina says.\n\n2. And kept where the soup is."
    reader = visitor(java_script_enabled=False)
    page = reader.page
    page.goto(REPORT)
    page.fill("[name=comment]", words)
    page.fill("[name=name]", "Wilhelmina Ossory")
    page.fill("[name=email]", "w.ossory@readers.example")
    post(page)

    expect(page.locator("main")).to_contain_text("Print the list on yellow paper")
    assert page.input_value("[name=comment]").replace("\r", "") == words
    page.wait_for_timeout(THINKING)
    post(page)

    expect(page).to_have_url(re.compile(r"/discussion/\d+/yours/\?posted"))
    expect(page.locator("main")).to_contain_text("open the mail that we have sent and confirm your address")
    yours = page.url
    page.goto(re.search(r"http://\S+/discussion/confirm/\S+", reader.hub.mail_to("w.ossory@readers.example"))[0])
    expect(page.locator("main")).to_contain_text("Print the list on yellow paper")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("main")).to_contain_text("Your address is confirmed")
    page.goto(yours)
    expect(page.locator("main")).to_contain_text("Waiting for a moderator to read it")
    page.goto(REPORT)
    assert "yellow paper, Wilhelmina" not in page.content()
    assert reader.asked_only_us()

    moderator = visitor()
    page = moderator.log_in("moderator")
    page.get_by_role("link", name=re.compile(r"^Discussion \(\d+\)")).click()
    page.locator(".queue__row", has_text="Print the list on yellow paper").get_by_role("link", name=re.compile("^Open")).click()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".moderation-bar")).to_contain_text("is now “Published”")
    assert moderator.errors == []

    reader.page.goto(REPORT)
    article = reader.page.locator("article", has_text="Print the list on yellow paper").last
    expect(article.locator("h3")).to_contain_text("Wilhelmina Ossory")
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
    page.wait_for_timeout(THINKING)
    post(page)

    expect(page).to_have_url(re.compile(r"/discussion/\d+/yours/\?posted"))
    expect(page.locator("main")).to_contain_text("One step is enough.")
    assert reader.errors == []
    assert reader.asked_only_us()


def test_an_editor_publishes_an_interview_and_the_link_shows_at_both_ends(visitor):
    editor = visitor(viewport={"width": 1400, "height": 1000})
    page = editor.log_in("editor")
    explore(page, "Interviews")
    page.get_by_role("link", name=re.compile("Add child page")).first.click()
    page.locator("main").get_by_role("link", name="Interview", exact=True).click()

    page.fill("#id_title", "Wilma Thorne on the empty hall")
    page.fill("#id_summary", "The caretaker of the school hall at Upper Oake had the keys, and nobody asked her.")
    for row, (role, name) in enumerate([("interviewer", "Tobias Renn"), ("interviewee", "Wilma Thorne")]):
        page.get_by_role("button", name="Add Contributor").click()
        page.select_option(f"#id_contributions-{row}-role", role)
        page.fill(f"#id_contributions-{row}-name", name)
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name=re.compile("Question or answer")).click()
    page.fill("[name=body-0-value-label]", "T.X.")
    page.select_option("[name=body-0-value-part]", "question")
    page.locator("[data-contentpath=body] [role=textbox]").last.click()
    page.keyboard.type("Who had the keys?")
    page.get_by_role("button", name="Add Link", exact=True).click()
    page.select_option("#id_links-0-kind", "interview-for")
    choose_page(page, page.locator("#inline_child_links-0"), "Who holds the map?")

    publish(page)  # at once, while Wagtail saves the draft: the button waits for it
    expect(page.locator("body")).to_contain_text("No contributor of this page has the label “T.X.”")
    assert page.input_value("#id_title") == "Wilma Thorne on the empty hall"
    page.fill("[name=body-0-value-label]", "T.R.")
    publish(page)
    expect(page.locator(".messages")).to_contain_text("published")
    # Wagtail saves drafts while one writes, and is told 400 of a draft that is not yet valid; nothing else may be amiss.
    assert [error for error in editor.errors if "400 (Bad Request)" not in error] == []
    print(f"\nscript policy, report only, in the admin: {len(editor.reports)} reports")  # noqa: T201

    reader = visitor()
    reader.page.goto("/interviews/wilma-thorne-on-the-empty-hall/")
    expect(reader.page.locator("main")).to_contain_text("Who had the keys?")
    expect(reader.page.get_by_role("link", name=re.compile("Who holds the map")).first).to_be_visible()
    reader.page.goto(REPORT)  # names too many interviews for one sentence, and leads to all of them
    reader.page.get_by_role("link", name=re.compile("interviews")).first.click()
    expect(reader.page.locator("main")).to_contain_text("Wilma Thorne")
    assert reader.errors == []


def test_an_editor_links_several_pages_at_once_and_takes_what_is_proposed(visitor):
    editor = visitor(viewport={"width": 1400, "height": 1000})
    page = editor.log_in("editor")
    explore(page, "Articles")
    page.get_by_role("link", name=re.compile("Add child page")).first.click()
    page.locator("main").get_by_role("link", name="Article", exact=True).click()
    page.fill("#id_title", "What the caretaker knew")
    page.fill("#id_summary", "T. Renn’s notes on keys, and on who has them.")

    page.select_option("#kind-of-new-links", "responds-to")
    page.get_by_role("button", name="Choose several pages").click()
    dialogue = page.locator(".modal-dialog")
    dialogue.locator("[name=type]").select_option("interview")
    expect(dialogue.locator("tbody")).not_to_contain_text("Article")
    for place in range(2):
        dialogue.get_by_role("checkbox").nth(place).check()
    dialogue.get_by_role("button", name="Confirm selection").click()
    expect(dialogue).to_have_count(0)
    for place in range(2):
        assert page.input_value(f"#id_links-{place}-kind") == "responds-to"
        assert page.input_value(f"#id_links-{place}-target")

    chosen = [page.input_value(f"#id_links-{place}-target") for place in range(2)]
    page.get_by_role("button", name="Add Link", exact=True).click()
    expect(page.locator("#id_links-TOTAL_FORMS")).to_have_value("3")  # one row for one press
    page.locator("#inline_child_links-2").get_by_role("button", name="Delete").click()

    proposals = page.locator("[data-proposals]")
    expect(page.locator("form[data-edit-form]")).to_have_attribute("action", re.compile(r"/\d+/edit/"))  # saved by itself
    proposals.get_by_role("button", name="Look again").click()
    expect(proposals).to_contain_text("“T. Renn”")
    proposals.get_by_role("button", name="Add as contributor: Tobias Renn").click()
    expect(page.locator("#inline_child_contributions-0")).to_contain_text("Tobias Renn")
    expect(proposals).not_to_contain_text("Tobias Renn")  # saved by itself again, and looked up
    page.reload()
    page.locator("#inline_child_links-0").get_by_role("button", name="Move down").click()
    order = page.locator("#id_links-FORMS input[name$='-target']")
    expect(order.first).to_have_value(chosen[1])
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messages")).to_contain_text("updated")
    assert [order.nth(place).input_value() for place in range(2)] == chosen[::-1]
    assert [error for error in editor.errors if "400 (Bad Request)" not in error] == []


def test_an_editor_previews_a_draft_that_readers_do_not_see(visitor):
    editor = visitor(viewport={"width": 1400, "height": 1000})
    page = editor.log_in("editor")
    explore(page, "Articles")
    page.get_by_role("link", name="Unfinished business at Osier Bridge", exact=True).first.click()
    page.get_by_role("button", name="Toggle preview").click()
    with editor.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("Preview in new tab")).click()
    preview = opened.value
    expect(preview.get_by_role("heading", level=1)).to_contain_text("Unfinished business at Osier Bridge")

    assert visitor().page.goto("/articles/unfinished-business-at-osier-bridge/").status == 404
