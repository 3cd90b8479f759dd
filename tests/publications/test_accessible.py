"""What files offer those who do not see them: told where it can be told, and nothing made up where it cannot."""

import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from publications.accessible import look
from publications.extraction import extract
from publications.models import PublicationFile
from tests.factories import make_publication
from tests.pdfs import assemble, make_pdf
from tests.publications.hostile import docx

NAMES = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"'
)
NOTHING = {"pictures": None, "undescribed": None, "is_tagged": None}


def drawing(attributes="", inside="<pic:pic/>", frame="inline", extension=""):
    return (
        f"<w:p><w:r><w:drawing><wp:{frame} {NAMES}><wp:docPr id='1' name='Picture 1' {attributes}>{extension}</wp:docPr>"
        f"<a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic></wp:{frame}></w:drawing></w:r></w:p>"
    )


def tagged_pdf(*alternatives):
    """A PDF of one page whose structure holds a figure for each text; None is a figure without one."""
    figures = " ".join(f"{10 + n} 0 R" for n in range(len(alternatives)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> /StructTreeRoot 4 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /StructParents 0 >>",
        4: f"<< /Type /StructTreeRoot /K [5 0 R] /ParentTree << /Nums [0 [{figures}]] >> >>".encode(),
        5: f"<< /Type /StructElem /S /Document /P 4 0 R /K [{figures}] >>".encode(),
    }
    for n, text in enumerate(alternatives):
        alternative = f"/Alt ({text})" if text is not None else ""
        objects[10 + n] = f"<< /Type /StructElem /S /Figure /P 5 0 R /Pg 3 0 R /K {n} {alternative} >>".encode()
    return assemble({n: objects.get(n, b"null") for n in range(1, max(objects) + 1)})


def seen(content, format):
    return look(io.BytesIO(content if isinstance(content, bytes) else content.encode()), format)


@pytest.mark.parametrize(
    ("body", "pictures", "undescribed"),
    [
        ("<p>None</p>", 0, 0),
        ('<img src="a.png">', 1, 1),
        ('<img src="a.png" alt="A lamp"><IMG SRC=b.png ALT>', 2, 0),
        ('<img src="a.png" alt=""><img src="b.png" role="presentation"><img src="c.png" aria-hidden="true">', 1, 0),
        ('<img src="a.png" aria-label="A lamp"><img src="b.png" title="A lamp">', 2, 1),
        ('<input type="image" src="a.png"><input type="text">', 1, 1),
        ("<p>&lt;img src=a.png&gt;<!-- <img src=a.png> -->", 0, 0),
        ("<img" * 1000, 0, 0),
    ],
)
def test_pictures_of_html_without_alternative_are_counted(body, pictures, undescribed):
    found = seen(f"<!doctype html><body>{body}", "html")
    assert found == NOTHING | {"pictures": pictures, "undescribed": undescribed}


@pytest.mark.parametrize(
    ("body", "pictures", "undescribed"),
    [
        ("<w:p/>", 0, 0),
        (drawing(), 1, 1),
        (drawing("descr='A lamp'") + drawing("title='A lamp'", frame="anchor") + drawing("descr='  '"), 3, 1),
        (drawing(inside="<wps:wsp xmlns:wps='x'/>"), 0, 0),
        (drawing(extension="<a:extLst><a:ext><adec:decorative val='1'/></a:ext></a:extLst>"), 0, 0),
        (drawing(extension="<a:extLst><a:ext><adec:decorative val='0'/></a:ext></a:extLst>"), 1, 1),
    ],
)
def test_pictures_of_word_without_description_are_counted(body, pictures, undescribed):
    assert seen(docx(body), "docx") == NOTHING | {"pictures": pictures, "undescribed": undescribed}


def test_pdf_without_tags_is_told_and_nothing_is_said_of_its_pictures():
    assert seen(make_pdf("Some words"), "pdf") == NOTHING | {"is_tagged": False}


def test_figures_of_a_tagged_pdf_without_alternative_are_counted():
    found = seen(tagged_pdf("A lamp", None, "", "x" * 5000), "pdf")
    assert found == {"pictures": 4, "undescribed": 2, "is_tagged": True}


def test_plain_text_has_nothing_to_tell():
    assert seen("Some words", "txt") == NOTHING


def test_our_own_documents_are_tagged():
    folder = settings.BASE_DIR / "publications" / "data" / "documents"
    for path in folder.glob("*.pdf"):
        with path.open("rb") as file:
            found = look(file, "pdf")
        assert (found["is_tagged"], found["undescribed"]) == (True, 0), path.name


def test_every_picture_of_the_portals_own_pages_has_an_alternative():
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        for part in path.read_text().split("<img")[1:]:
            assert " alt=" in part, path


@pytest.fixture
def attach(db, django_capture_on_commit_callbacks):
    def do(name, content, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            file = PublicationFile(publication=make_publication(**fields), file=SimpleUploadedFile(name, content))
            file.full_clean()
            file.save()
        file.refresh_from_db()
        return file

    return do


def test_file_that_is_read_is_looked_at(attach):
    file = attach("a.pdf", tagged_pdf(None, "A lamp"))
    assert (file.state, file.pictures, file.undescribed, file.is_tagged) == ("done", 2, 1, True)
    PublicationFile.objects.update(pictures=None, undescribed=None, is_tagged=None, state="waiting")
    extract(file.pk)
    file.refresh_from_db()
    assert (file.undescribed, file.is_tagged) == (1, True), "reading again looks again"


def test_file_that_cannot_be_looked_at_is_read_all_the_same(attach, monkeypatch):
    from portal import sandbox
    from publications import extraction

    run = sandbox.run

    def break_it(module, *arguments, **named):
        if module == "publications.accessible":
            raise sandbox.Stopped(took_too_long=False)
        return run(module, *arguments, **named)

    monkeypatch.setattr(extraction.sandbox, "run", break_it)
    file = attach("a.pdf", make_pdf("Some words"))
    assert (file.state, file.is_tagged, file.text_pages.get().text) == ("done", None, "Some words")


def test_report_lists_what_lacks_something_the_worst_first(attach, client, editor, colleague):
    untagged = attach("a.pdf", make_pdf("Some words"), title="Untagged", published=True)
    attach("b.pdf", tagged_pdf(None, None), title="Two figures", published=True)
    attach("c.html", b"<!doctype html><img src=a.png>", title="One picture")
    attach("d.pdf", tagged_pdf("A lamp"), title="Described")
    client.force_login(editor)
    titles = [file.publication.title for file, _form in client.get("/staff/alternatives/").context["lines"]]
    assert titles == ["Two figures", "One picture", "Untagged"]
    assert "3 files lack something" in client.get("/staff/").content.decode()
    form = f"/admin/publications/publication/{untagged.publication_id}/change/"
    assert f"{form}#files-group" in client.get("/staff/alternatives/").content.decode()
    assert "A file has pictures without description" in client.get(form).content.decode()
    client.force_login(colleague)
    page = client.get("/staff/alternatives/")
    assert [file.publication.title for file, _form in page.context["lines"]] == ["Two figures", "Untagged"]
    assert "/admin/" not in page.content.decode()
