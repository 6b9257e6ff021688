"""The moderators' screens in the Wagtail admin, one module for each; ``urls()`` of each is registered there."""
