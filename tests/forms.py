"""Forms of the admin as a browser would send them: read from the page, changed, and posted."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    """What a browser would send if nothing was touched. Buttons and files are not part of it."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.inside, self.data, self.buttons = form_id, False, {}, {}
        self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form" and given.get("id") == self.form_id:
            self.inside = True
        if not self.inside:
            return
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "button" and name:
            self.buttons[(name, given.get("value", ""))] = True
        elif tag == "input" and name and kind not in {"submit", "file", "button"}:
            if kind not in {"checkbox", "radio"} or "checked" in given:
                self._add(name, given.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "textarea":
            self.textarea = name
            self._add(name, "")
        elif tag == "select":
            self.select = (name, "multiple" in given)
            if "multiple" not in given:
                self.data[name] = None
        elif tag == "option" and self.select:
            chosen, value = "selected" in given, given.get("value", "")
            if self.select[1]:
                if chosen:
                    self._add(self.select[0], value)
            elif chosen or self.data[self.select[0]] is None:
                self.data[self.select[0]] = value

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        if tag == "select":
            self.select = None
        if tag == "textarea":
            self.textarea = None

    def handle_data(self, text):
        if self.inside and self.textarea:
            self.data[self.textarea] += text.removeprefix("\n")

    def _add(self, name, value):
        if name in self.data and self.textarea is None:
            before = self.data[name]
            self.data[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            self.data[name] = value


def read_form(client, url, form_id):
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return _read(response, form_id)


def _read(response, form_id):
    form = _Form(form_id)
    form.feed(response.content.decode())
    form.data = {name: value or "" for name, value in form.data.items() if "__prefix__" not in name}
    return form


def form_in(response, form_id):
    """What a form would send that came back, with its mistakes for instance."""
    return _read(response, form_id).data


def send_form(client, url, changes=None, form_id=None, **buttons):
    """Post a page's form with `changes`; `buttons` are those pressed, as _verb="submit". The answer's response."""
    form_id = form_id or f"{url.split('/admin/')[1].split('/')[1]}_form"
    return client.post(url, read_form(client, url, form_id).data | (changes or {}) | buttons)


def complaints(response):
    """What the answered page complains of: by field, by row, and above the rows."""
    if response.context is None:
        return {}
    found = {name: list(errors) for name, errors in response.context["adminform"].form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        for n, errors in enumerate(inline.formset.errors):
            found |= {f"{prefix}-{n}-{name}": list(texts) for name, texts in errors.items()}
        if together := list(inline.formset.non_form_errors()):
            found[prefix] = together
    return found
