"""The pages of a file: the one door through which their text is put in place and changed, and search told of it."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.editorial import Status
from portal.models import AuditEntry
from portal.search.log import touched
from publications.models import FilePage, Publication, PublicationFile, RepairDecision
from publications.repair import marks
from publications.repair.quality import of_file, quality_of
from publications.text import PageText

Verdict = RepairDecision.Verdict
LONGEST_NOTE = 200  # tokens named in one audit entry


def put_pages(file: PublicationFile, pages: Iterable[PageText]) -> None:
    """Exchange all pages of a file. What people decided about its repairs holds for the new pages too."""
    decided: dict[int, dict[str, RepairDecision]] = {}
    for decision in RepairDecision.objects.filter(sha256=file.sha256):
        decided.setdefault(decision.number, {})[decision.token] = decision
    new = [FilePage(file=file, **page._asdict()) for page in pages]
    for page in new:
        if page.number in decided:
            _apply(page, decided[page.number])
    with transaction.atomic():
        FilePage.objects.filter(file=file).delete()
        FilePage.objects.bulk_create(new, batch_size=500)
        _measure(file, [(page.quality, page.text) for page in new])
        touched([file.publication])


def may_decide(user: Any, publication: Publication) -> bool:
    """Whoever may change the publication: live ones and those in review are changed by who may publish them."""
    guarded = publication.status in (Status.REVIEW, Status.PUBLISHED)
    right = "publications.publish_publication" if guarded else "publications.change_publication"
    return user.has_perm("publications.change_publication") and user.has_perm(right)


def decide(page: FilePage, verdict: str, by: Any, keys: Collection[str] | None = None) -> int:
    """Accept or refuse repairs of a page, all or those with these keys; an empty verdict takes decisions back.

    How many tokens it was about. Raises PermissionDenied, and ValidationError where nothing or a token that the page
    does not hold was chosen.
    """
    publication = page.file.publication
    if not may_decide(by, publication):
        raise PermissionDenied(_("You may not change this publication."))
    if verdict not in ("", *Verdict.values):
        raise ValidationError(_("There is no such decision."))
    with transaction.atomic():
        page = FilePage.objects.select_for_update(of=("self",)).select_related("file").get(pk=page.pk)
        tokens = {token.key: token for token in marks.from_json(page.tokens)}
        chosen = set(tokens) if keys is None else set(keys)
        if not chosen:
            raise ValidationError(_("Choose at least one repair."))
        if chosen - set(tokens):
            raise ValidationError(_("The page was read again in the meantime. Look at it once more."))
        _keep(page, [tokens[key] for key in tokens if key in chosen], verdict, by)
        decided = {row.token: row for row in decisions_on(page)}
        before = page.text
        _apply(page, decided)
        set_text(page, changed=page.text != before)
        named = [f"{tokens[key].original} → {tokens[key].reading.strip()}" for key in tokens if key in chosen]
        more = [f"+ {len(named) - LONGEST_NOTE}"] if len(named) > LONGEST_NOTE else []
        act = {Verdict.ACCEPTED: "accept repairs", Verdict.REFUSED: "refuse repairs"}.get(verdict, "reopen repairs")  # type: ignore[call-overload]
        lines = [f"{page.file.original_name} ({page.file.language}), {page.number}", *named[:LONGEST_NOTE], *more]
        AuditEntry.record(publication, act, by, note="\n".join(lines))
    return len(chosen)


def decisions_on(page: FilePage) -> Iterable[RepairDecision]:
    return RepairDecision.objects.filter(sha256=page.file.sha256, number=page.number).select_related("by")


def set_text(page: FilePage, changed: bool = True) -> None:
    """Save a page whose text, or what was decided about it, has changed."""
    page.save(update_fields=["text", "tokens", "repairs", "gaps", "quality"])
    _measure(page.file, page.file.text_pages.values_list("quality", "text").iterator())
    if changed:
        touched([page.file.publication])


def _keep(page: FilePage, tokens: Iterable[marks.Token], verdict: str, by: Any) -> None:
    place: dict[str, Any] = {"sha256": page.file.sha256, "number": page.number}
    if not verdict:
        RepairDecision.objects.filter(**place, token__in=[token.key for token in tokens]).delete()
        return
    for token in tokens:
        told = {"reading": token.reading.strip(), "verdict": verdict, "by": by}
        RepairDecision.objects.update_or_create(**place, token=token.key, defaults=told)


def _apply(page: FilePage, decided: dict[str, RepairDecision]) -> None:
    about: Callable[[marks.Token], str] = lambda token: (  # noqa: E731
        decided[token.key].about(token.reading) if token.key in decided else ""
    )
    page.text, tokens = marks.decide(page.text, marks.from_json(page.tokens), about)
    page.tokens = marks.to_json(tokens)
    page.repairs, page.gaps = marks.counts(tokens)
    page.quality = quality_of(page.text)


def _measure(file: PublicationFile, pages: Iterable[tuple[float, str]]) -> None:
    quality = of_file([(quality, len(text.split())) for quality, text in pages])
    PublicationFile.objects.filter(pk=file.pk).update(text_quality=quality)
