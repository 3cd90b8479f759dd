"""The pages of projects."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import kinds
from portal.drawings import timeline
from portal.views.records import get_record, list_page
from portal.views.vocabularies import sections_about
from projects.models import Project, ProjectRole
from projects.phases import phase_chain, related


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    return list_page(request, kinds.get("project"), "projects/list.html")


@require_safe
def project_detail(request: HttpRequest, slug: str) -> HttpResponse:
    project = get_record(Project, slug, request.user)
    roles: dict[str, list[ProjectRole]] = {}
    for role in project.roles.select_related("organisation"):
        roles.setdefault(role.role, []).append(role)
    chain = phase_chain(project, request.user)
    context = {
        "kind": kinds.of(project),
        "project": project,
        "roles": [(role, roles.get(role, [])) for role in ProjectRole.Role],
        "chain": chain,
        "drawing": timeline(one.span for one in chain or [project]),
        "related": related(project, request.user, chain),
        "dialogues": project.dialogues.visible_to(request.user),
        "domains": project.domains.visible_to(request.user).select_related("instrument"),
        "results": project.results.all(),
        "calls": project.calls.all(),
        "links": project.links.all(),
        "updates": project.updates.all(),
        "outputs": project.outputs.all(),
        "names": project.other_names.exclude(kind="misprint"),
        "identifiers": project.identifiers.all(),
        "sections": sections_about(project, request.user),
    }
    return render(request, "projects/detail.html", context)
