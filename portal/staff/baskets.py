"""Baskets: making one, putting things in, their order and notes, lending them to colleagues by a link."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.models import Basket, BasketItem
from portal.models.desk import MOST_BASKETS, new_token, valid_name
from portal.search.finding import Search
from portal.search.grammar import QueryError
from portal.search.store import IndexUnavailable
from portal.staff import keeping
from portal.staff.access import changing, me, reading, way_back
from portal.staff.asking import Asked

MOST_AT_ONCE = 100
LONGEST_NOTE = 2000


@changing
def make(request: HttpRequest) -> HttpResponse:
    try:
        return redirect(_new(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("staff:desk")


@changing
def add(request: HttpRequest) -> HttpResponse:
    """What was ticked into a basket that is there, or into a new one."""
    back = way_back(request, reverse("staff:desk"))
    ticked = [keeping.Wanted.of(text) for text in request.POST.getlist("item")[:MOST_AT_ONCE]]
    wanted = [one for one in ticked if one]
    if not wanted:
        messages.error(request, _("Tick what is to go into the basket."))
        return redirect(back)
    try:
        # A name that was typed says more than the first choice of a menu.
        chosen = None if request.POST.get("name", "").strip() else _chosen(request)
        basket = chosen or _new(request)
        n = keeping.put_in(basket, wanted, request.user, _search(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back)
    told = {"n": n, "name": basket.name}
    if n:
        text = ngettext("%(n)d item is now in “%(name)s”.", "%(n)d items are now in “%(name)s”.", n)
        messages.success(request, text % told)
    else:
        messages.info(request, _("All of that is in “%(name)s” already.") % told)
    return redirect(back)


@reading
def basket(request: HttpRequest, pk: int) -> HttpResponse:
    mine = _mine(request, pk)
    link = request.build_absolute_uri(reverse("staff:basket-shared", args=[mine.token])) if mine.token else ""
    context = {"basket": mine, "contents": keeping.contents(mine, request.user), "link": link}
    return render(request, "staff/basket.html", context)


@reading
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A colleague's basket: to read. What it holds is shown as far as this reader may see it."""
    lent = get_object_or_404(Basket.objects.select_related("owner"), token=token)
    return render(
        request, "staff/basket_shared.html", {"basket": lent, "contents": keeping.contents(lent, request.user)}
    )


@changing
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything on the page at once, so that no note is lost when an item is moved."""
    try:
        with transaction.atomic():
            # Locked, so that what another window does meanwhile waits and is not undone.
            mine = get_object_or_404(Basket.objects.select_for_update(), pk=pk, owner=me(request))
            _changed(request, mine)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The basket is saved."))
    return redirect(mine)


def _changed(request: HttpRequest, mine: Basket) -> None:
    """Raises ValidationError."""
    items = list(mine.items.all())
    mine.name = valid_name(request.POST.get("name", mine.name))
    places = _places(request, items)
    removed = {item.pk for item in items if request.POST.get("remove") == str(item.pk)}
    removed |= {item.pk for item in items if f"remove-{item.pk}" in request.POST}
    for item in items:
        note = request.POST.get(f"note-{item.pk}", item.note).replace("\r\n", "\n").replace("\0", "")
        item.note = note.strip()[:LONGEST_NOTE]
    order = keeping.placed([item.pk for item in items], places)
    for name, by in (("up", -1), ("down", 1)):
        pressed = request.POST.get(name, "")
        if moved := next((one for one in order if str(one) == pressed), None):
            order = keeping.moved(order, moved, by)
    BasketItem.objects.bulk_update(items, ["note"])
    BasketItem.objects.filter(basket=mine, pk__in=removed).delete()
    keeping.rearrange(mine, [one for one in order if one not in removed])
    mine.save(update_fields=["name", "changed_at"])


@changing
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """With a link that only desk users can open; taken back, the link is dead, and the next one is another."""
    mine = _mine(request, pk)
    mine.token = None if request.POST.get("share") == "no" else (mine.token or new_token())
    mine.save(update_fields=["token"])
    return redirect(mine)


@changing
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    mine = _mine(request, pk)
    mine.delete()
    messages.success(request, _("The basket “%(name)s” is deleted.") % {"name": mine.name})
    return redirect("staff:desk")


def _mine(request: HttpRequest, pk: int) -> Basket:
    return get_object_or_404(Basket, pk=pk, owner=me(request))


def _chosen(request: HttpRequest) -> Basket | None:
    text = request.POST.get("basket", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ValidationError(_("There is no such basket."))
    if mine := Basket.objects.filter(pk=int(text), owner=me(request)).first():
        return mine
    raise ValidationError(_("There is no such basket."))


def _new(request: HttpRequest) -> Basket:
    """Raises ValidationError."""
    if Basket.objects.filter(owner=me(request)).count() >= MOST_BASKETS:
        raise ValidationError(_("You have %(n)d baskets. Delete one first.") % {"n": MOST_BASKETS})
    name = valid_name(request.POST.get("name", "") or _("My basket"))
    return Basket.objects.create(owner=me(request), name=name)


def _places(request: HttpRequest, items: list[BasketItem]) -> dict[int, int]:
    places = {}
    for item in items:
        text = request.POST.get(f"position-{item.pk}", "").strip()
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) > 0):
            raise ValidationError(
                _("“%(text)s” is no place in the order. Write a number from 1.") % {"text": text[:20]}
            )
        places[item.pk] = int(text)
    return places


def _search(request: HttpRequest) -> Search | None:
    """The search on whose page things were ticked: it knows the passages."""
    asked = Asked.of(QueryDict(request.POST.get("query", "")[:4000]), request.user)
    if not asked.text:
        return None
    try:
        return asked.search(request.user)
    except (QueryError, IndexUnavailable):
        return None
