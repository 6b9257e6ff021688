"""Rules about what a comment says and how. Each takes a comment's facts and its own options and answers with a hit or None."""

import re

from discussion.rules import addresses, manner, private
from discussion.rules.facts import Facts
from discussion.rules.findings import MOST_SPANS, Hit, quoted
from discussion.rules.texts import passes_for_latin
from discussion.rules.wordlists import word_list

_EXCLAIMING = re.compile(r"[!！][!！?\s]*")


def links(facts: Facts, options: dict) -> Hit | None:
    spared = {host.lower().removeprefix("www.") for host in options["allowed"].split()}
    found = [address for address in facts.addresses if address.host.removeprefix("www.") not in spared]
    most = min(options["most"], options["newcomers"]) if facts.is_newcomer else options["most"]
    if len(found) <= most:
        return None
    detail = {"count": len(found), "newcomer": len(found) <= options["most"]}
    return _hit(facts, [(address.start, address.end) for address in found], **detail)


def odd_links(facts: Facts, options: dict) -> Hit | None:
    odd = [address for address in facts.addresses if address.oddity]
    if not odd:
        return None
    details = [{"text": quoted([address.text])[0], "oddity": address.oddity} for address in odd[:8]]
    return Hit({"addresses": details}, _spans(odd))


def lookalikes(facts: Facts, options: dict) -> Hit | None:
    """Words in which letters of another script pass for Latin ones; two-letter symbols are left alone."""
    text = facts.case.text
    if text.isascii():
        return None
    odd = [word for word in facts.words if word.end - word.start > 3 and passes_for_latin(text[word.start : word.end])]
    return _hit(facts, [(word.start, word.end) for word in odd]) if odd else None


def listed_words(facts: Facts, options: dict) -> Hit | None:
    found = word_list(options["words"]).find(facts.words, facts.spaced_out, facts.case.language)
    if not found:
        return None
    return _hit(facts, [(start, end) for start, end, _line in found], entries=quoted(line for _s, _e, line in found))


def one_case(facts: Facts, options: dict) -> Hit | None:
    found = word_list(options["words"]).find(facts.words, facts.spaced_out, facts.case.language)
    different = {line for _start, _end, line in found}
    return _hit(facts, [(start, end) for start, end, _line in found]) if len(different) >= options["least"] else None


def praise(facts: Facts, options: dict) -> Hit | None:
    """Praise with an address has the rule's weight, praise alone one of its own."""
    with_link = bool(facts.addresses)
    longest, share = (30, 0.6) if with_link else (15, 0.75)
    found = manner.praise_in(facts.words_without_addresses, options["words"], longest=longest, share=share)
    if not found:
        return None
    return Hit({"link": with_link}, [(word.start, word.end) for word in found], None if with_link else options["alone"])


def personal_details(facts: Facts, options: dict) -> Hit | None:
    found = private.details_in(facts.case.text, options["kinds"], options["allowed"])
    if not found:
        return None
    kinds = list(dict.fromkeys(kind for _start, _end, kind in found))
    return _hit(facts, [(start, end) for start, end, _kind in found], kinds=kinds)


def shouting(facts: Facts, options: dict) -> Hit | None:
    text = facts.case.text
    share = round(manner.share_of_capitals(text) * 100)
    marks = text.count("!") + text.count("！")
    loud, excited = share >= options["capitals"], marks >= options["exclamations"]
    if not loud and not excited:
        return None
    spans = [match.span() for match in _EXCLAIMING.finditer(text)][:MOST_SPANS] if excited else []
    return Hit({"capitals": share if loud else None, "exclamations": marks if excited else None}, spans)


def length(facts: Facts, options: dict) -> Hit | None:
    count = len(facts.case.text.strip())
    if options["shortest"] <= count <= options["longest"]:
        return None
    return Hit({"count": count, "long": count > options["longest"]})


def _hit(facts, spans, **detail) -> Hit:
    matched = quoted(facts.case.text[start:end] for start, end in spans)
    return Hit(detail | {"matched": matched}, spans[:MOST_SPANS])


def _spans(found: list[addresses.Address]) -> list[tuple[int, int]]:
    return [(address.start, address.end) for address in found[:MOST_SPANS]]
