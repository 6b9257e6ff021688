"""What is published, and how it hangs together. One module for each concept; ``base`` imports none of the others."""

from pages.models.article import ArticlePage
from pages.models.base import ContentPage, ContentPageQuerySet, DiscussionMode, Kind, PageTopic
from pages.models.bulk_change import BulkChange
from pages.models.contribution import Contribution, Role
from pages.models.interview import InterviewPage
from pages.models.link import ContentLink, IncomingLink
from pages.models.link_health import AddressChange, LinkDigest, LinkFault, LinkRecount, OutboundAddress, OutboundHost
from pages.models.link_kind import LinkKind
from pages.models.listing import HomePage, HomePageFeature, SectionPage, StandardPage
from pages.models.path import PathPage, PathStep
from pages.models.publication import ChapterPage, Format, FormatKind, PublicationPage, PublicationType
from pages.models.search_entry import SearchEntry, SearchPassage, SearchWord, StaleEntry
from pages.models.search_steering import (
    SearchPromotion,
    SearchPromotionWords,
    SearchRecord,
    SearchSynonym,
    SearchSynonymWord,
)
from pages.models.similar import SimilarPage, SimilarSearch
from pages.models.topic import SeriesItem, SeriesPage, TopicPage, TopicPick
from pages.models.video import CaptionTrack, VideoChapter, VideoPage

__all__ = [
    "AddressChange",
    "ArticlePage",
    "BulkChange",
    "CaptionTrack",
    "ChapterPage",
    "ContentLink",
    "ContentPage",
    "ContentPageQuerySet",
    "Contribution",
    "DiscussionMode",
    "Format",
    "FormatKind",
    "HomePage",
    "HomePageFeature",
    "IncomingLink",
    "InterviewPage",
    "Kind",
    "LinkDigest",
    "LinkFault",
    "LinkKind",
    "LinkRecount",
    "OutboundAddress",
    "OutboundHost",
    "PageTopic",
    "PathPage",
    "PathStep",
    "PublicationPage",
    "PublicationType",
    "Role",
    "SearchEntry",
    "SearchPassage",
    "SearchWord",
    "SearchPromotion",
    "SearchPromotionWords",
    "SearchRecord",
    "SearchSynonym",
    "SearchSynonymWord",
    "SectionPage",
    "SeriesItem",
    "SeriesPage",
    "SimilarPage",
    "SimilarSearch",
    "StaleEntry",
    "StandardPage",
    "TopicPage",
    "TopicPick",
    "VideoChapter",
    "VideoPage",
]
