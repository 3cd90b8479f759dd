// A record that was found by searching becomes the choice of the list beside it, which is what the form sends.
for (const search of document.querySelectorAll("select[data-into]")) {
  const $ = django.jQuery;
  $(search).on("select2:select", ({ params }) => {
    const list = search.form.elements[search.dataset.into];
    const known = [...list.options].find((option) => option.value === params.data.id);
    if (known) known.selected = true;
    else list.add(new Option(params.data.text, params.data.id, false, true));
    $(search).val(null).trigger("change");
    list.focus();
  });
}
