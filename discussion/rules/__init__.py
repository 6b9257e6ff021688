"""Rules that look at a comment before a moderator does.

They decide that it is held, that it is rejected, or nothing, and say why in words. Nothing is ever deleted by them.
``findings`` has what goes in and out, ``catalogue`` lists the rules, ``assessing`` applies them, ``flagging`` keeps what
they found with the comment, ``screen`` is where moderators set and try them.
"""
