"""Why a rule fired, as a sentence that begins with “It” or names the person: made when it is read, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from discussion.rules import addresses, private

ODDITIES = {
    addresses.MALFORMED: gettext_lazy("malformed"),
    addresses.DISGUISED: gettext_lazy("disguised"),
    addresses.SPELLED: gettext_lazy("spelled out"),
    addresses.SHORTENED: gettext_lazy("shortened"),
    addresses.LOOKALIKE: gettext_lazy("written with letters that look like others"),
}
TREATMENT = gettext_lazy("A moderator’s decision about the person")
KINDS = {
    private.EMAIL: gettext_lazy("an e-mail address"),
    private.PHONE: gettext_lazy("a telephone number"),
    private.REFERENCE: gettext_lazy("a case or reference number"),
    private.INSURANCE: gettext_lazy("a national insurance, social security or NHS number"),
    private.BIRTH: gettext_lazy("a date of birth"),
    private.ADDRESS: gettext_lazy("a postal address"),
}


def listed(pieces) -> str:
    return _(", ").join(str(piece) for piece in pieces)


def in_quotes(pieces) -> str:
    return listed(_("“%(words)s”") % {"words": piece} for piece in pieces)


def banned(detail):
    return _("Holds %(words)s, which is banned (%(entries)s).") % _word_values(detail)


def suspect(detail):
    return _("Holds %(words)s, which is suspect (%(entries)s).") % _word_values(detail)


def _word_values(detail):
    return {"words": in_quotes(detail["matched"]), "entries": listed(detail["entries"])}


def links(detail):
    said = ngettext("Holds %(count)d link: %(links)s.", "Holds %(count)d links: %(links)s.", detail["count"])
    said = said % {"count": detail["count"], "links": listed(detail["matched"])}
    return _("%(said)s The person has no published comment yet.") % {"said": said} if detail["newcomer"] else said


def odd_links(detail):
    said = [
        _("the address %(address)s, which is %(oddity)s")
        % {"address": row["text"], "oddity": ODDITIES.get(row["oddity"], row["oddity"])}
        for row in detail["addresses"]
    ]
    return _("Holds %(addresses)s.") % {"addresses": listed(said)}


def lookalikes(detail):
    return _("Mixes alphabets within a word: %(words)s.") % {"words": in_quotes(detail["matched"])}


def praise(detail):
    return _("Praises, says nothing else, and has a link.") if detail["link"] else _("Praises and says nothing else.")


def repetition(detail):
    values = {"share": detail["share"], "number": detail["number"]}
    if detail["number"] is None:
        said = _("%(share)d%% is the same as in an earlier comment that is not published") % values
    else:
        said = _("%(share)d%% is the same as in comment #%(number)d") % values
    if not detail["same_page"]:
        said = _("%(said)s, on another page") % {"said": said}
    if detail["cut"] == "shorter":
        return _("%(said)s; this one is cut short.") % {"said": said}
    if detail["cut"] == "longer":
        return _("%(said)s; that one is cut short.") % {"said": said}
    return _("%(said)s.") % {"said": said}


def personal(detail):
    kinds = listed(KINDS.get(kind, kind) for kind in detail["kinds"])
    return _("Holds %(kinds)s: %(matched)s.") % {"kinds": kinds, "matched": listed(detail["matched"])}


def case(detail):
    return _("May tell of one person’s case: %(words)s.") % {"words": in_quotes(detail["matched"])}


def shouting(detail):
    said = []
    if detail["capitals"] is not None:
        said.append(_("%(share)d%% of the letters are capitals") % {"share": detail["capitals"]})
    if detail["exclamations"] is not None:
        count = detail["exclamations"]
        said.append(ngettext("%(count)d exclamation mark", "%(count)d exclamation marks", count) % {"count": count})
    return _("Shouts: %(said)s.") % {"said": listed(said)}


def length(detail):
    said = _("Very long: %(count)d characters.") if detail["long"] else _("Very short: %(count)d characters.")
    return said % {"count": detail["count"]}


def newcomer(detail):
    return _("A newcomer: %(approved)d of %(wanted)d comments published so far.") % {
        "approved": detail["approved"],
        "wanted": detail["wanted"],
    }


def rejections(detail):
    return _("Of the person’s last %(decided)d comments, %(down)d were turned down.") % {
        "decided": detail["decided"],
        "down": detail["down"],
    }


def burst(detail):
    values = {"minutes": detail["minutes"], "count": detail.get("person") or detail.get("network")}
    if "person" in detail:
        return _("The person’s comment number %(count)d within %(minutes)d minutes.") % values
    return _("Comment number %(count)d from the same network within %(minutes)d minutes.") % values


def speed(detail):
    count = detail["seconds"]
    return ngettext("Written and sent within %(count)d second.", "Written and sent within %(count)d seconds.", count) % {
        "count": count
    }


def sender(detail):
    said = _("The mailbox is disposable: %(domain)s.") if detail["disposable"] else _("The mail domain is listed: %(domain)s.")
    return said % {"domain": detail["domain"]}


def treatment(detail):
    """What a moderator decided about a person or a domain before any rule was asked."""
    about = detail["about"]
    return (
        _("Comments from %(about)s are always held.") % {"about": about} if about else _("The person’s comments are always held.")
    )
