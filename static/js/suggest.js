// Suggestions under a search box: <input type="search" data-suggest="/search/suggestions/" data-suggest-label="...">.
// A combobox with a list, as the ARIA Authoring Practices describe it. Without this script the form works as it is.

const PAUSE = 150; // milliseconds without a key before anything is asked
const SHORTEST = 2;

function attach(input, number) {
  const list = document.createElement("ul");
  list.id = `suggestions-${number}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestLabel || "");
  list.hidden = true;
  input.parentElement.classList.add("suggesting");
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let timer, request, urls = [], current = -1;

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    list.replaceChildren();
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function show([, texts, whats, addresses]) {
    urls = addresses;
    current = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...texts.map((text, n) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${n}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const words = document.createElement("span");
      words.dir = "auto";
      words.textContent = text;
      const what = document.createElement("span");
      what.className = "quiet";
      what.textContent = whats[n];
      option.append(words, " ", what);
      return option;
    }));
    list.hidden = texts.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  async function ask() {
    const typed = input.value;
    request?.abort();
    request = new AbortController();
    try {
      const address = `${input.dataset.suggest}?${new URLSearchParams({ q: typed })}`;
      const answer = await fetch(address, { signal: request.signal });
      if (answer.ok && input.value === typed && document.activeElement === input) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function move(to) {
    const options = list.children;
    options[current]?.setAttribute("aria-selected", "false");
    current = (to + options.length) % options.length;
    options[current].setAttribute("aria-selected", "true");
    options[current].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[current].id);
  }

  function take(n) {
    const words = list.children[n].firstElementChild.textContent;
    const url = urls[n];
    close();
    if (url) {
      window.location.assign(url);
    } else {
      input.value = words;
      input.form.requestSubmit();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < SHORTEST) close();
    else timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // the first Escape closes the list, the second empties the field as everywhere
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? current + 1 : current < 0 ? list.children.length - 1 : current - 1);
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      take(current);
    }
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take([...list.children].indexOf(option));
  });
}

document.querySelectorAll("input[data-suggest^='/']").forEach(attach);
