"""What editors see of a block before they choose it."""

import pytest
from django.urls import reverse

from pages.models import ArticlePage, VideoPage

BLOCKS = [
    *ArticlePage._meta.get_field("body").stream_block.child_blocks.values(),
    *VideoPage._meta.get_field("transcript").stream_block.child_blocks.values(),
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_every_block_is_described_grouped_and_shown_before_it_is_chosen(block, administrator_client):
    assert block.meta.description
    assert block.meta.group
    assert block.is_previewable

    shown = administrator_client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    assert shown.status_code == 200
    assert "hub/css/body.css" in shown.content.decode()
