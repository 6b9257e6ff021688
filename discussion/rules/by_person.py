"""Rules about who writes, how fast, how often, and whether it was said before."""

from datetime import timedelta

from discussion.models import State
from discussion.rules.facts import Facts
from discussion.rules.findings import Hit
from discussion.rules.likeness import RUN, share_held
from discussion.rules.past import TURNED_DOWN
from discussion.rules.texts import word_set

# Domains of mailboxes that anybody may open for some minutes.
DISPOSABLE = word_set(
    """
    10minutemail.com 20minutemail.com 33mail.com burnermail.io discard.email dispostable.com emailondeck.com
    fakeinbox.com fakemail.net getairmail.com getnada.com grr.la guerrillamail.biz guerrillamail.com guerrillamail.de
    guerrillamail.info guerrillamail.net guerrillamail.org guerrillamailblock.com inboxbear.com inboxkitten.com
    jetable.org mail-temp.com mail.tm mailcatch.com maildrop.cc mailinator.com mailinator.net mailnesia.com
    mailnull.com mailpoof.com mailsac.com mintemail.com mohmal.com moakt.com mytemp.email nada.email sharklasers.com
    spam4.me spambog.com spamgourmet.com temp-mail.io temp-mail.org tempail.com tempinbox.com tempmail.dev
    tempmail.net tempmailo.com tempr.email throwawaymail.com trash-mail.com trashmail.com trashmail.de trashmail.net
    wegwerfmail.de yopmail.com yopmail.fr yopmail.net
    """
)


def newcomer(facts: Facts, options: dict) -> Hit | None:
    if not (facts.case.person_key or facts.case.user_id or facts.case.email) or facts.approved >= options["approved"]:
        return None
    return Hit({"approved": facts.approved, "wanted": options["approved"]})


def speed(facts: Facts, options: dict) -> Hit | None:
    seconds = facts.case.seconds
    return Hit({"seconds": round(seconds)}) if seconds is not None and seconds < options["seconds"] else None


def sender(facts: Facts, options: dict) -> Hit | None:
    """A domain of the list stands for those beneath it too."""
    domain = facts.case.email.rpartition("@")[2].strip().rstrip(".").casefold()
    listed = set(options["domains"].casefold().split())
    labels = domain.split(".") if domain else []
    for place in range(len(labels) - 1):
        name = ".".join(labels[place:])
        if name in listed:
            return Hit({"domain": name, "disposable": False})
        if options["disposable"] and name in DISPOSABLE:
            return Hit({"domain": name, "disposable": True})
    return None


def burst(facts: Facts, options: dict) -> Hit | None:
    since = facts.case.now - timedelta(minutes=options["minutes"])
    by_person = sum(row.submitted_at > since for row in facts.past.person)
    from_network = sum(moment > since for moment in facts.past.network)
    if by_person < options["person"] and from_network < options["network"]:
        return None
    told = {"person": by_person + 1} if by_person >= options["person"] else {"network": from_network + 1}
    return Hit(told | {"minutes": options["minutes"]})


def rejections(facts: Facts, options: dict) -> Hit | None:
    """Once an address is proven, what others may have written under it does not count against its owner."""
    rows = [row for row in facts.past.person if row.is_sure] if facts.case.is_proven else facts.past.person
    decided = [row for row in rows if row.state in {*TURNED_DOWN, State.PUBLISHED}][: options["of"]]
    down = sum(row.state in TURNED_DOWN for row in decided)
    if down < options["least"] or down * 100 < options["share"] * len(decided):
        return None
    return Hit({"down": down, "decided": len(decided)})


def repetition(facts: Facts, options: dict) -> Hit | None:
    """An earlier comment that holds nearly all of this, or of which this holds nearly all."""
    if len(facts.words) < options["words"]:
        return None
    runs = facts.past.runs
    best, best_share = None, 0.0
    for other in facts.past.like:
        if len(set(other.runs)) + RUN - 1 < options["words"]:
            continue
        share = share_held(runs, other.runs)
        if share > best_share:
            best, best_share = other, share
    if best is None or best_share * 100 < options["share"]:
        return None
    mine, theirs = len(runs), len(best.runs)
    cut = "shorter" if mine < theirs * 0.8 else "longer" if theirs < mine * 0.8 else ""
    same_page = facts.case.page_id == best.page_id
    return Hit(
        {"comment": best.comment_id, "page": best.page_id, "number": best.number}
        | {"share": round(best_share * 100), "cut": cut, "same_page": same_page}
    )
