"""Who gets where: every address of the resolver, asked for by everybody who may come.

An address that no table knows fails the tests, so that no view arrives unjudged. In the tables

- ``login`` is a redirect to a log-in page,
- ``home`` one to the front of the admin, which is how Wagtail refuses whoever has come in,
- ``302`` one to anywhere else,
- any other number is the status itself.
"""

from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from discussion import tokens
from tests.nets import world as worlds
from tests.nets.writes import written_tables

ROLES = ["anonymous", "guest", "reader", "editor", "publisher", "outsider", "insider", "moderator", "administrator"]
WAGTAILS_ROLES = ["editor", "publisher", "moderator", "administrator"]

# Our addresses, and in the admin those about the discussion. A guest is a browser in which comments were written. Two moderate
# a section: the outsider's is not the one in which everything stands that is asked for, the insider's is.
OURS = """
#                                                                    anon. guest reader edit. publ. outs. insi. mod.  admin.
GET  discussion:page                                                 200   200   200   200   200   200   200   200   200
GET  discussion:add                                                  200   200   200   200   200   200   200   200   200
GET  discussion:token                                                200   200   200   200   200   200   200   200   200
GET  discussion:yours                                                200   200   200   200   200   200   200   200   200
GET  discussion:edit                                                 404   200   404   404   404   404   404   404   404
GET  discussion:delete                                               404   200   404   404   404   404   404   404   404
GET  discussion:report                                               200   200   200   200   200   200   200   200   200
GET  discussion:comment                                              302   302   302   302   302   302   302   302   302
GET  discussion:feed                                                 200   200   200   200   200   200   200   200   200
GET  discussion:replies                                              200   200   200   200   200   200   200   200   200
GET  discussion:confirm                                              200   200   200   200   200   200   200   200   200
GET  discussion:subscribe                                            200   200   200   200   200   200   200   200   200
GET  discussion:unsubscribe                                          200   200   200   200   200   200   200   200   200
GET  discussion:follow                                               200   200   200   200   200   200   200   200   200
GET  search                                                          200   200   200   200   200   200   200   200   200
GET  search_suggestions                                              200   200   200   200   200   200   200   200   200
GET  search_comments                                                 200   200   200   200   200   200   200   200   200
GET  feed                                                            200   200   200   200   200   200   200   200   200
GET  place_feed                                                      200   200   200   200   200   200   200   200   200
GET  sitemap                                                         200   200   200   200   200   200   200   200   200
GET  sitemap_part                                                    200   200   200   200   200   200   200   200   200
GET  share_picture                                                   200   200   200   200   200   200   200   200   200
GET  robots                                                          200   200   200   200   200   200   200   200   200
GET  security                                                        404   404   404   404   404   404   404   404   404
GET  linked/1                                                        200   200   200   200   200   200   200   200   200
GET  linked/2                                                        200   200   200   200   200   200   200   200   200
GET  media                                                           200   200   200   200   200   200   200   200   200
GET  wagtail_serve                                                   200   200   200   200   200   200   200   200   200
GET  wagtaildocs_serve                                               200   200   200   200   200   200   200   200   200
GET  wagtaildocs_authenticate_with_password                          200   200   200   200   200   200   200   200   200
GET  wagtailcore_authenticate_with_password                          200   200   200   200   200   200   200   200   200
GET  wagtailcore_login                                               200   200   200   200   200   200   200   200   200
GET  discussion_list                                                 login login login home  home  200   200   200   200
GET  discussion_list_results                                         login login login home  home  200   200   200   200
GET  discussion_override                                             login login login home  home  404   200   200   200
GET  discussion_queue                                                login login login home  home  200   200   200   200
GET  discussion_queue_export csv                                     login login login 405   405   405   405   405   405
GET  discussion_queue_export xlsx                                    login login login 405   405   405   405   405   405
GET  discussion_comment                                              login login login home  home  404   200   200   200
GET  discussion_undo                                                 login login login 405   405   405   405   405   405
GET  discussion_choose                                               login login login 405   405   405   405   405   405
GET  discussion_bulk                                                 login login login home  home  404   404   404   404
GET  discussion_decide approve                                       login login login 405   405   405   405   405   405
GET  discussion_decide reject                                        login login login 405   405   405   405   405   405
GET  discussion_decide spam                                          login login login 405   405   405   405   405   405
GET  discussion_decide remove                                        login login login 405   405   405   405   405   405
GET  discussion_decide remove-branch                                 login login login 405   405   405   405   405   405
GET  discussion_redact                                               login login login home  home  404   200   200   200
GET  discussion_move                                                 login login login home  home  404   200   200   200
GET  discussion_duplicate                                            login login login home  home  404   200   200   200
GET  discussion_reply                                                login login login home  home  404   200   200   200
GET  discussion_feature                                              login login login home  home  404   405   405   405
GET  discussion_thread                                               login login login home  home  404   405   405   405
GET  discussion_modes                                                login login login home  home  200   200   200   200
GET  discussion_modes_results                                        login login login home  home  200   200   200   200
GET  discussion_mode                                                 login login login home  home  404   200   200   200
GET  discussion_person                                               login login login home  home  404   200   200   200
GET  discussion_write_note                                           login login login home  home  404   405   405   405
GET  discussion_treat                                                login login login home  home  home  home  405   405
GET  discussion_delete_note                                          login login login 405   405   405   405   405   405
GET  discussion_rules                                                login login login home  home  home  home  200   200
GET  discussion_treatments                                           login login login home  home  home  home  200   200
GET  discussion_treatments_results                                   login login login home  home  home  home  200   200
GET  discussion_end_treatment                                        login login login 405   405   405   405   405   405
GET  wagtail_bulk_action discussion.cannedreply.delete               login login login home  home  home  home  200   200
GET  discussion_record                                               login login login home  home  200   200   200   200
GET  discussion_record_export csv                                    login login login home  home  405   405   405   405
GET  discussion_record_export xlsx                                   login login login home  home  405   405   405   405
GET  wagtailsnippets_discussion_cannedreply:list                     login login login home  home  home  home  200   200
GET  wagtailsnippets_discussion_cannedreply:list_results             login login login home  home  home  home  200   200
GET  wagtailsnippets_discussion_cannedreply:add                      login login login home  home  home  home  200   200
GET  wagtailsnippets_discussion_cannedreply:edit                     login login login home  home  home  home  200   200
GET  wagtailsnippets_discussion_cannedreply:delete                   login login login home  home  home  home  200   200
GET  wagtailsnippets_discussion_cannedreply:usage                    login login login home  home  home  home  200   200
GET  wagtailsnippets_discussion_cannedreply:history                  login login login home  home  home  home  200   200
GET  wagtailsnippets_discussion_cannedreply:history_results          login login login home  home  home  home  200   200
GET  discussion_rules                                                login login login home  home  home  home  200   200
GET  discussion_personal_data                                        login login login home  home  home  home  home  200
GET  discussion_personal_data_download                               login login login home  home  home  home  home  405
GET  discussion_personal_data_erase                                  login login login home  home  home  home  home  405
GET  wagtailsettings:edit discussion.discussionsettings/2            login login login home  home  home  home  home  302
GET  wagtailsettings:edit discussion.discussionsettings/3            login login login home  home  home  home  home  200
GET  wagtailsettings:preview_on_edit discussion.discussionsettings   login login login home  home  home  home  home  404
POST discussion:page                                                 405   405   405   405   405   405   405   405   405
POST discussion:add                                                  302   302   302   302   302   302   302   302   302
POST discussion:token                                                405   405   405   405   405   405   405   405   405
POST discussion:yours                                                405   405   405   405   405   405   405   405   405
POST discussion:edit                                                 404   302   404   404   404   404   404   404   404
POST discussion:delete                                               404   302   404   404   404   404   404   404   404
POST discussion:report                                               302   302   302   302   302   302   302   302   302
POST discussion:comment                                              405   405   405   405   405   405   405   405   405
POST discussion:feed                                                 405   405   405   405   405   405   405   405   405
POST discussion:replies                                              405   405   405   405   405   405   405   405   405
POST discussion:confirm                                              200   200   200   200   200   200   200   200   200
POST discussion:subscribe                                            200   200   200   200   200   200   200   200   200
POST discussion:unsubscribe                                          200   200   200   200   200   200   200   200   200
POST discussion:follow                                               200   200   200   200   200   200   200   200   200
POST search                                                          405   405   405   405   405   405   405   405   405
POST search_suggestions                                              405   405   405   405   405   405   405   405   405
POST search_comments                                                 405   405   405   405   405   405   405   405   405
POST feed                                                            200   200   200   200   200   200   200   200   200
POST place_feed                                                      200   200   200   200   200   200   200   200   200
POST sitemap                                                         405   405   405   405   405   405   405   405   405
POST sitemap_part                                                    405   405   405   405   405   405   405   405   405
POST share_picture                                                   405   405   405   405   405   405   405   405   405
POST robots                                                          405   405   405   405   405   405   405   405   405
POST security                                                        405   405   405   405   405   405   405   405   405
POST linked/1                                                        405   405   405   405   405   405   405   405   405
POST linked/2                                                        405   405   405   405   405   405   405   405   405
POST media                                                           405   405   405   405   405   405   405   405   405
POST wagtail_serve                                                   200   200   200   200   200   200   200   200   200
POST wagtaildocs_serve                                               200   200   200   200   200   200   200   200   200
POST wagtaildocs_authenticate_with_password                          302   302   302   302   302   302   302   302   302
POST wagtailcore_authenticate_with_password                          302   302   302   302   302   302   302   302   302
POST wagtailcore_login                                               200   200   200   200   200   200   200   200   200
POST discussion_list                                                 login login login home  home  405   405   405   405
POST discussion_list_results                                         login login login home  home  405   405   405   405
POST discussion_override                                             login login login home  home  404   302   302   302
POST discussion_queue                                                login login login home  home  405   405   405   405
POST discussion_queue_export csv                                     login login login home  home  200   200   200   200
POST discussion_queue_export xlsx                                    login login login home  home  200   200   200   200
POST discussion_comment                                              login login login home  home  404   404   404   404
POST discussion_undo                                                 login login login home  home  302   302   302   302
POST discussion_choose                                               login login login home  home  404   404   404   404
POST discussion_bulk                                                 login login login home  home  404   404   404   404
POST discussion_decide approve                                       login login login home  home  404   302   302   302
POST discussion_decide reject                                        login login login home  home  404   302   302   302
POST discussion_decide spam                                          login login login home  home  404   302   302   302
POST discussion_decide remove                                        login login login home  home  404   302   302   302
POST discussion_decide remove-branch                                 login login login home  home  404   302   302   302
POST discussion_redact                                               login login login home  home  404   302   302   302
POST discussion_move                                                 login login login home  home  404   302   302   302
POST discussion_duplicate                                            login login login home  home  404   302   302   302
POST discussion_reply                                                login login login home  home  404   302   302   302
POST discussion_feature                                              login login login home  home  404   302   302   302
POST discussion_thread                                               login login login home  home  404   302   302   302
POST discussion_modes                                                login login login home  home  405   405   405   405
POST discussion_modes_results                                        login login login home  home  405   405   405   405
POST discussion_mode                                                 login login login home  home  404   302   302   302
POST discussion_person                                               login login login home  home  404   405   405   405
POST discussion_write_note                                           login login login home  home  404   302   302   302
POST discussion_treat                                                login login login home  home  home  home  302   302
POST discussion_delete_note                                          login login login home  home  home  home  home  home
POST discussion_rules                                                login login login home  home  home  home  200   200
POST discussion_treatments                                           login login login home  home  home  home  405   405
POST discussion_treatments_results                                   login login login home  home  home  home  405   405
POST discussion_end_treatment                                        login login login home  home  home  home  302   302
POST wagtail_bulk_action discussion.cannedreply.delete               login login login home  home  home  home  302   302
POST discussion_record                                               login login login home  home  405   405   405   405
POST discussion_record_export csv                                    login login login home  home  200   200   200   200
POST discussion_record_export xlsx                                   login login login home  home  200   200   200   200
POST wagtailsnippets_discussion_cannedreply:list                     login login login home  home  home  home  405   405
POST wagtailsnippets_discussion_cannedreply:list_results             login login login home  home  home  home  405   405
POST wagtailsnippets_discussion_cannedreply:add                      login login login home  home  home  home  302   302
POST wagtailsnippets_discussion_cannedreply:edit                     login login login home  home  home  home  302   302
POST wagtailsnippets_discussion_cannedreply:delete                   login login login home  home  home  home  302   302
POST wagtailsnippets_discussion_cannedreply:usage                    login login login home  home  home  home  405   405
POST wagtailsnippets_discussion_cannedreply:history                  login login login home  home  home  home  405   405
POST wagtailsnippets_discussion_cannedreply:history_results          login login login home  home  home  home  405   405
POST discussion_rules                                                login login login home  home  home  home  200   200
POST discussion_personal_data                                        login login login home  home  home  home  home  200
POST discussion_personal_data_download                               login login login home  home  home  home  home  200
POST discussion_personal_data_erase                                  login login login home  home  home  home  home  302
POST wagtailsettings:edit discussion.discussionsettings/2            login login login home  home  home  home  home  302
POST wagtailsettings:edit discussion.discussionsettings/3            login login login home  home  home  home  home  302
POST wagtailsettings:preview_on_edit discussion.discussionsettings   login login login home  home  home  home  home  404
"""

# Wagtail's admin by GET; the first line that fits counts. Nobody without access to the admin passes the log-in, except …
OPEN_TO_ALL = [
    "wagtailadmin_sprite",
    "wagtailadmin_login",
    "wagtailadmin_password_reset*",
    "wagtailadmin_javascript_catalog",
]
WAGTAILS = """
#                                                  editor publisher moderator administrator
wagtailadmin_home                                  200   200   200   200
wagtailadmin_account                               200   200   200   200
wagtailadmin_dismissibles                          200   200   200   200
wagtailadmin_logout                                405   405   405   405
wagtailadmin_login                                 home  home  home  home
wagtailadmin_sprite                                200   200   200   200
wagtailadmin_password_reset*                       200   200   200   200
wagtailadmin_javascript_catalog                    200   200   200   200
wagtailadmin_explore*                              200   200   home  200
wagtailadmin_pages:delete                          home  200   home  200
wagtailadmin_pages:unpublish                       home  200   home  200
wagtailadmin_pages:move                            home  200   home  200
wagtailadmin_pages:set_privacy                     home  200   home  200
wagtailadmin_pages:workflow_action                 home  200   home  200
wagtailadmin_pages:collect_workflow_action_data    home  200   home  200
wagtailadmin_pages:workflow_preview                home  200   home  200
wagtailadmin_pages:revisions_unschedule            home  200   home  200
wagtailadmin_pages:revisions_index                 302   302   home  302
wagtailadmin_pages:convert_alias                   404   404   home  404
wagtailadmin_pages:set_page_position               405   405   home  405
wagtailadmin_pages:*lock                           405   405   home  405
wagtailadmin_pages:*                               200   200   home  200
wagtailadmin_choose_page*                          200   200   home  200
wagtailadmin_api:*:find                            404   404   home  404
wagtailadmin_api:pages:action                      405   405   home  405
wagtailadmin_api:*                                 200   200   home  200
pages_merge                                        home  200   home  200
pages_bulk_change                                  404   404   home  404
pages_link_health                                  200   200   home  200
wagtail_bulk_action people.user.*                  home  home  home  200
wagtail_bulk_action pages.linkkind.*               home  home  home  200
wagtailsnippets_pages_linkkind:*                   home  home  home  200
wagtail_bulk_action pages.search*                  home  home  home  200
wagtailsnippets_pages_search*                      home  home  home  200
pages_searches                                     home  home  home  200
wagtail_bulk_action *                              200   200   home  200
link_targets:*                                     200   200   home  200
page_proposals                                     200   200   home  200
wagtailadmin_tag_*                                 200   200   home  200
wagtailadmin_editing_sessions:*                    405   405   home  405
wagtailadmin_block_preview                         404   404   home  404
wagtailadmin_error_test                            500   500   home  500
wagtailadmin_reports:locked_pages*                 home  200   home  200
wagtailadmin_reports:*                             200   200   home  200
wagtailadmin_collections:delete                    404   404   home  200
wagtailadmin_collections:*                         home  home  home  200
wagtailadmin_workflows:enable*                     405   405   home  405
wagtailadmin_workflows:remove/*                    405   405   home  405
wagtailadmin_workflows:task_chooser*               200   200   home  200
wagtailadmin_workflows:task_chosen                 200   200   home  200
wagtailadmin_workflows:select_task_type            home  home  home  302
wagtailadmin_workflows:*                           home  home  home  200
wagtailredirects:process_import                    home  home  home  405
wagtailredirects:*                                 home  home  home  200
wagtailembeds:*                                    200   200   home  200
wagtailsnippets:index                              home  home  home  home
wagtaildocs:*_multiple_from_uploaded_document      405   405   home  405
wagtaildocs:edit_multiple                          405   405   home  405
wagtaildocs:delete*_multiple                       405   405   home  405
wagtaildocs:*                                      200   200   home  200
wagtaildocs_chooser:*                              200   200   home  200
wagtailimages:url_generator*                       404   404   home  404
wagtailimages:*_multiple_from_uploaded_image       405   405   home  405
wagtailimages:edit_multiple                        405   405   home  405
wagtailimages:delete*_multiple                     405   405   home  405
wagtailimages:*                                    200   200   home  200
wagtailimages_chooser:*                            200   200   home  200
wagtailmedia:*                                     200   200   home  200
wagtailsites:*                                     home  home  home  200
wagtailusers_*                                     home  home  home  200
/admin/test404/                                    200   200   home  200
/admin/^.[*]/$                                     404   404   home  404
"""

POSTED = {
    "discussion:follow": {"email": "f@readers.example"},
    "discussion:add": {"comment": "I was there.", "name": "G. Uest", "email": "g@readers.example"},
    "wagtailcore_authenticate_with_password": {"password": "open", "return_url": "/everything/a-closed-street/"},
    "wagtaildocs_authenticate_with_password": {"password": "open", "return_url": "/"},
    "discussion_decide": {"reason": "Off the subject"},
    "discussion_redact": {"comment": "Less."},
    "discussion_move": {"page": "Elsewhere to go"},
    "discussion_duplicate": {"number": "1"},
    "discussion_reply": {"comment": "So it is.", "submission_key": "0b1d0a5c-6f7e-4a49-9d4e-2f7a7e0a4c11"},
    "discussion_mode": {"mode": "after"},
    "discussion_write_note": {"text": "Writes at night."},
    "discussion_treat": {"whom": "person", "kind": "ban"},
    "wagtailsnippets_discussion_cannedreply:add": {"title": "Short", "text": "Please be brief."},
    "wagtailsnippets_discussion_cannedreply:edit": {"title": "Short", "text": "Please be brief."},
    "discussion_override": {"override": "closed", "override_reason": "Enough for now"},
    "discussion:edit": {"comment": "Better said."},
    "discussion:report": {"reason": "spam"},
    "discussion_personal_data": {"email": "g@readers.example"},
    "discussion_personal_data_download": {"email": "g@readers.example"},
    "discussion_personal_data_erase": {"email": "g@readers.example", "confirmed": "yes"},
    "wagtailsettings:edit": {"hold_comments": "on", "posts_per_address": "30", "posts_per_person": "10"},
}


def lines(table: str, roles: list[str]) -> list[tuple[str, dict]]:
    """``[(address, {role: outcome})]`` of a table; an address may hold spaces."""
    found = []
    for line in table.strip().splitlines()[1:]:
        (*words,) = line.split()
        cells = words[-len(roles) :]
        found.append((" ".join(words[: -len(roles)]), dict(zip(roles, cells, strict=True))))
    return found


OURS_BY_ADDRESS = dict(lines(OURS, ROLES))
WAGTAILS_BY_GLOB = lines(WAGTAILS, WAGTAILS_ROLES)


def outcome(response) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    view = resolve(urlsplit(response["Location"]).path).view_name
    return {"wagtailadmin_login": "login", "wagtailcore_login": "login", "wagtailadmin_home": "home"}.get(view, "302")


def expected_of_wagtail(key: str, role: str) -> str:
    if role in {"anonymous", "guest", "reader"}:
        return "200" if any(fnmatchcase(key, glob) for glob in OPEN_TO_ALL) else "login"
    role = "moderator" if role == "insider" else role  # who moderates one section has no more rights than who moderates all
    return next((cells[role] for glob, cells in WAGTAILS_BY_GLOB if fnmatchcase(key, glob)), "not in the table")


def posted(case, world) -> dict:
    data = POSTED.get(case.row.known_as, {})
    return data | {"token": tokens.issue_token(world.page.pk)} if case.row.known_as == "discussion:add" else data


def test_every_address_of_ours_is_in_the_table_and_nothing_else(world):
    ours = [case.key for case in worlds.cases(world) if case.is_ours]

    assert sorted(OURS_BY_ADDRESS) == sorted(f"{method} {key}" for method in ("GET", "POST") for key in ours)


def test_every_address_of_wagtails_admin_has_a_line_and_every_line_an_address(world):
    keys = [case.key for case in worlds.cases(world) if not case.is_ours]
    used = [next((glob for glob, _cells in WAGTAILS_BY_GLOB if fnmatchcase(key, glob)), f"none for {key}") for key in keys]

    assert sorted(set(used)) == sorted(glob for glob, _cells in WAGTAILS_BY_GLOB)


@pytest.mark.parametrize("role", ROLES)
def test_our_addresses_answer_each_role_as_the_table_says(world, visitor_as, role):
    visitor = visitor_as(role)
    found, written = {}, {}
    for case in filter(lambda case: case.is_ours, worlds.cases(world)):
        for method in ("GET", "POST"):
            address = f"{method} {case.key}"
            data = posted(case, world) if method == "POST" else None
            with transaction.atomic(), written_tables() as tables:
                found[address] = outcome(visitor.ask(method, case.path, data, headers={"origin": "http://testserver"}))
                transaction.set_rollback(True)
            if found[address] in {"login", "home", "403", "404", "405"} and tables - {"django_session"}:
                written[address] = tables

    assert found == {address: cells[role] for address, cells in OURS_BY_ADDRESS.items()}
    assert written == {}, "what is refused writes nothing"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "outsider"])
def test_wagtails_admin_answers_each_role_as_its_rule_says(world, visitor_as, role):
    visitor = visitor_as(role)
    cases = [case for case in worlds.cases(world) if not case.is_ours]

    found = {case.key: outcome(visitor.ask("GET", case.path)) for case in cases}

    assert found == {case.key: expected_of_wagtail(case.key, role) for case in cases}


# The parts of the admin in which pages are edited and people managed.
PAGES_AND_PEOPLE = [
    *["wagtailadmin_pages:*", "wagtailadmin_explore*", "wagtailadmin_choose_page*", "wagtailadmin_workflows:*"],
    *["wagtailadmin_collections:*", "wagtailimages*", "wagtaildocs*", "wagtailmedia:*", "wagtailusers_*", "wagtailsites:*"],
    *["wagtailredirects:*", "wagtailadmin_reports:*", "wagtailadmin_api:*", "wagtail_bulk_action *"],
]


def test_moderation_gives_no_right_to_pages_or_people_and_pages_give_none_to_moderation():
    """Read from the tables, which the tests above hold against the product."""
    there = [cells for glob, cells in WAGTAILS_BY_GLOB if any(fnmatchcase(glob, part) for part in PAGES_AND_PEOPLE)]
    admin = [cells for key, cells in OURS_BY_ADDRESS.items() if cells["reader"] == cells["anonymous"] == "login"]
    refused = {"home", "405"}

    assert {cells["moderator"] for cells in there} == {"home"}
    assert {cells[role] for cells in admin for role in ("editor", "publisher")} <= refused
    assert {cells["moderator"] for key, cells in OURS_BY_ADDRESS.items() if "personal_data" in key or "settings" in key} == {
        "home"
    }


def test_a_post_without_a_token_is_refused_even_to_an_administrator(world, administrator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    visitor = worlds.Visitor(client)
    acting = [case for case in worlds.cases(world) if OURS_BY_ADDRESS.get(f"POST {case.key}", {}).get("administrator") == "302"]

    with written_tables() as tables:
        found = {case.key: outcome(visitor.ask("POST", case.path, posted(case, world))) for case in acting}

    # The comment form has a token of its own; without an Origin it answers with a preview and stores nothing.
    assert found == {case.key: "200" if case.key == "discussion:add" else "403" for case in acting}
    assert tables == set()
