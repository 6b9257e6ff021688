"""One factory for each model; what a test does not name is unremarkable."""

import uuid

import factory
import wagtail_factories
from django.contrib.auth import get_user_model
from wagtail.documents.models import Document
from wagtail.models import Workflow, WorkflowState
from wagtailmedia.models import Media

from discussion.models import PageComment
from discussion.posting import Submission, post_comment
from discussion.transitions import decide
from pages import models as pages
from people import models as people


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"user{n}")
    first_name = factory.Sequence(lambda n: f"First{n}")
    last_name = "Last"
    email = factory.LazyAttribute(lambda user: f"{user.username}@readers.example")


class _PageFactory(wagtail_factories.PageFactory):
    class Meta:
        abstract = True

    title = factory.Sequence(lambda n: f"Page {n}")


class SectionPageFactory(_PageFactory):
    class Meta:
        model = pages.SectionPage


class StandardPageFactory(_PageFactory):
    class Meta:
        model = pages.StandardPage


class PeopleIndexPageFactory(_PageFactory):
    class Meta:
        model = people.PeopleIndexPage


class PersonPageFactory(_PageFactory):
    class Meta:
        model = people.PersonPage

    title = factory.Sequence(lambda n: f"Given{n} Family{n}")


class _ContentPageFactory(_PageFactory):
    class Meta:
        abstract = True

    summary = "What is in it for the reader."


class PublicationPageFactory(_ContentPageFactory):
    class Meta:
        model = pages.PublicationPage


class ChapterPageFactory(_ContentPageFactory):
    class Meta:
        model = pages.ChapterPage


class InterviewPageFactory(_ContentPageFactory):
    class Meta:
        model = pages.InterviewPage


class VideoPageFactory(_ContentPageFactory):
    class Meta:
        model = pages.VideoPage

    address = "https://vimeo.com/123456789"


class ArticlePageFactory(_ContentPageFactory):
    class Meta:
        model = pages.ArticlePage


class TopicPageFactory(_ContentPageFactory):
    class Meta:
        model = pages.TopicPage


class SeriesPageFactory(_ContentPageFactory):
    class Meta:
        model = pages.SeriesPage


class PathPageFactory(_ContentPageFactory):
    class Meta:
        model = pages.PathPage


class PathStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = pages.PathStep


class ContributionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = pages.Contribution


class ContentLinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = pages.ContentLink


class PageTopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = pages.PageTopic


class SeriesItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = pages.SeriesItem


class FormatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = pages.Format


class ImageFactory(wagtail_factories.ImageFactory):
    title = factory.Sequence(lambda n: f"Picture {n}")


class DocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Document

    title = factory.Sequence(lambda n: f"Document {n}")
    file = factory.django.FileField(filename="document.pdf", data=b"%PDF-1.4 test")


class MediaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Media

    title = factory.Sequence(lambda n: f"Film {n}")
    type = "video"
    duration = 38
    file = factory.django.FileField(filename="film.webm", data=b"\x1a\x45\xdf\xa3 film")


def submission(**values) -> Submission:
    """What a commenter hands in; a new one each time."""
    defaults = {
        "text": "I was there, and it was colder than you say.",
        "name": "A. Reader",
        "email": "a.reader@readers.example",
        "submission_key": uuid.uuid4(),
    }
    return Submission(**(defaults | values))


def comment(page, *, state="published", reply_to=None, now=None, **values) -> PageComment:
    """A comment beneath ``page`` in ``state``, by the product's own functions. ``reply_to`` is a comment."""
    hold = state not in {"published", "removed", "erased"}
    values["reply_to"] = reply_to.number if reply_to else None
    made = post_comment(page, submission(**values), hold=hold, now=now)
    if state not in {"published", "pending"}:
        decide([made.pk], state, by=None)
    made.refresh_from_db()
    return made


def workflow_state(page, user, *, sent_back=False) -> WorkflowState:
    """The state of ``page`` in the workflow that Wagtail comes with, handed in by ``user``."""
    page.save_revision(user=user)
    state = Workflow.objects.get().start(page, user)
    if sent_back:
        state.current_task_state.specific.reject(user=user)
        state.refresh_from_db()
    return state
