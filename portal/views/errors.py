from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponseBadRequest("bad")
