// Keeps what is typed into a form of the admin in this browser until it is saved, and offers it back. Nothing is put
// back unasked. One entry for each page that was opened: typed:<person>:<address> <token of the page>.

const DAYS = 30;
const EVERY = 1000;
const person = document.getElementById("saved-forms");
const mine = `typed:${person.dataset.user}:`;
const token = document.querySelector("input[data-typed]");
const form = token?.form;
const say = window.gettext ?? ((text) => text);
const fill = (text, told) => say(text).replace(/%\((\w+)\)s/g, (whole, name) => told[name]);
let isGone = false;
let wasSent = false;

// The store. Where it is full or forbidden, that is said once and nothing else changes.

function store(act) {
  try {
    return act(window.localStorage);
  } catch {
    complain();
    return null;
  }
}

function complain() {
  if (!form || document.querySelector(".typed-complaint")) return;
  const box = notice("typed-complaint");
  box.append(paragraph(say("This browser cannot keep what you type: save before you leave this page.")));
}

function entries() {
  const found = store((kept) => Object.keys(kept).filter((key) => key.startsWith(mine))) ?? [];
  return found.flatMap((key) => {
    try {
      const entry = JSON.parse(window.localStorage.getItem(key));
      if (Date.now() - entry.at < DAYS * 86400e3 && entry.fields) return [{ ...entry, key }];
    } catch {
      // Nothing of ours; it goes with the old ones.
    }
    forget(key);
    return [];
  });
}

function forget(key) {
  store((kept) => kept.removeItem(key));
}

/** What was typed after its form had been sent is not saved with it. */
function forgetSaved() {
  const saved = `${person.dataset.saved} ${token?.dataset.saved ?? ""}`.split(" ").filter(Boolean);
  for (const { key, isSent } of entries()) if (isSent && saved.includes(key.split(" ").at(-1))) forget(key);
}

// The boxes of the form. A box is known by its name; those that are ticked, by their value too.

const TICKED = ["checkbox", "radio"];
const NEVER = ["hidden", "password", "file", "submit", "button", "reset", "image"];
const shown = new WeakMap(); // of each box: what the server put into it

const valuesOf = (select, test) => [...select.options].filter(test).map((o) => [o.value, o.text]);

function valueOf(box) {
  if (TICKED.includes(box.type)) return box.checked;
  return box.options ? valuesOf(box, (option) => option.selected) : box.value;
}

function shownIn(box) {
  if (shown.has(box)) return shown.get(box);
  let value = box.defaultValue;
  if (TICKED.includes(box.type)) value = box.defaultChecked;
  if (box.options) {
    value = valuesOf(box, (option) => option.defaultSelected);
    if (!value.length && !box.multiple && box.options.length) value = [[box.options[0].value, box.options[0].text]];
  }
  shown.set(box, value);
  return value;
}

const plain = (value) => JSON.stringify(Array.isArray(value) ? value.map(([key]) => key).sort() : value);
const isSame = (one, other) => plain(one) === plain(other);

function boxes() {
  const found = new Map();
  for (const box of form.elements) {
    if (!box.name || box.disabled || NEVER.includes(box.type) || box.name.includes("__prefix__")) continue;
    if (box.tagName === "FIELDSET" || box.tagName === "BUTTON" || box.tagName === "OUTPUT") continue;
    found.set(TICKED.includes(box.type) ? `${box.name}=${box.value}` : box.name, box);
  }
  return found;
}

function labelOf(box) {
  const label = box.getAttribute("aria-label") || (box.labels?.[0] ?? box.closest(".form-row")?.querySelector("label"))?.textContent;
  return (label || box.name).trim().replace(/:$/, "");
}

// Rows: those that were saved are known by their key, new ones by their order.

function rowOf(name) {
  const found = /^(.+)-(\d+)-/.exec(name);
  return found && form.elements[`${found[1]}-TOTAL_FORMS`] ? { prefix: found[1], n: Number(found[2]) } : null;
}

const total = (prefix) => Number(form.elements[`${prefix}-TOTAL_FORMS`].value);
const saved = (prefix) => Number(form.elements[`${prefix}-INITIAL_FORMS`].value);
const keyOf = (prefix, n) => form.elements[`${prefix}-${n}-id`]?.value ?? "";

/** For each row of an entry the row that stands for it here, or null if it is gone. */
function placesOf(entry, mayAdd) {
  const places = new Map();
  const taken = new Set();
  const rows = Object.keys(entry.fields).map(rowOf).filter(Boolean);
  for (const { prefix, n } of rows.sort((a, b) => a.n - b.n)) {
    const name = `${prefix}-${n}`;
    if (places.has(name)) continue;
    const key = entry.rows[name];
    let place = null;
    if (key) place = [...Array(total(prefix)).keys()].find((other) => keyOf(prefix, other) === key) ?? null;
    else {
      const blank = () => [...Array(total(prefix)).keys()].filter((o) => !keyOf(prefix, o) && !taken.has(`${prefix}-${o}`));
      const wanted = n - entry.saved[prefix] + saved(prefix);
      while (mayAdd && wanted >= total(prefix) && addRow(prefix) !== null);
      if (blank().includes(wanted)) place = wanted;
      else if (mayAdd) place = blank()[0] ?? addRow(prefix);
    }
    if (place !== null) taken.add(`${prefix}-${place}`);
    places.set(name, place);
  }
  return places;
}

function addRow(prefix) {
  const before = total(prefix);
  const group = document.getElementById(`${prefix}-group`);
  group?.querySelector("details:not([open])")?.setAttribute("open", "");
  [...(group?.querySelectorAll(".add-row a") ?? [])].at(-1)?.click();
  return total(prefix) > before ? before : null;
}

function nameHere(id, places) {
  const row = rowOf(id);
  if (!row) return id;
  const place = places.get(`${row.prefix}-${row.n}`);
  return place === null ? null : id.replace(`${row.prefix}-${row.n}-`, `${row.prefix}-${place}-`);
}

// Keeping

const address = () => {
  const asked = [...new URLSearchParams(location.search)].filter(([name]) => !name.startsWith("_"));
  return location.pathname + (asked.length ? `?${new URLSearchParams(asked)}` : "");
};
const ownKey = () => `${mine}${address()} ${token.value}`;

function typed() {
  const entry = { seen: form.elements._seen?.value ?? "", fields: {}, was: {}, rows: {}, saved: {}, files: [] };
  for (const [id, box] of boxes()) {
    const value = valueOf(box);
    if (isSame(value, shownIn(box))) continue;
    entry.fields[id] = value;
    entry.was[id] = shownIn(box);
    const row = rowOf(id);
    if (!row) continue;
    entry.rows[`${row.prefix}-${row.n}`] = keyOf(row.prefix, row.n);
    entry.saved[row.prefix] = saved(row.prefix);
  }
  for (const box of form.querySelectorAll("input[type=file]")) {
    entry.files.push(...[...box.files].map((file) => file.name));
  }
  return entry;
}

let last = "";
function keep({ isSent = false } = {}) {
  if (isGone) return;
  const entry = typed();
  const text = JSON.stringify(entry);
  if (text === last && !isSent) return;
  last = text;
  const whole = JSON.stringify({ ...entry, isSent, at: Date.now() });
  if (Object.keys(entry.fields).length) store((kept) => kept.setItem(ownKey(), whole));
  else forget(ownKey());
}

// Offering

function paragraph(text) {
  const part = document.createElement("p");
  part.textContent = text;
  return part;
}

/** A place for words at the top. They come a moment later, so that they are read out. */
function notice(name) {
  const box = document.createElement("div");
  box.className = `typed-offer ${name}`;
  box.setAttribute("role", "status");
  document.getElementById("content").prepend(box);
  return box;
}

function button(text, act, look = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function namesOf(entry, places) {
  const here = boxes();
  const names = Object.keys(entry.fields).map((id) => {
    const box = here.get(nameHere(id, places)) ?? form.elements[id.replace(/-\d+-/, "-__prefix__-").split("=")[0]];
    return box?.name ? labelOf(box) : id.split("=")[0];
  });
  return [...new Set(names)].join(", ");
}

function offer() {
  const others = entries().filter(({ key }) => key.startsWith(`${mine}${address()} `) && key !== ownKey());
  for (const entry of others.sort((a, b) => b.at - a.at)) {
    const here = boxes();
    const places = placesOf(entry, false);
    const pairs = Object.entries(entry.fields).map(([id, value]) => [value, here.get(nameHere(id, places))]);
    // Saved under another page's token, or brought back by the browser itself: nothing to offer.
    if (pairs.every(([value, box]) => box && isSame(value, shownIn(box)))) forget(entry.key);
    else if (pairs.every(([value, box]) => box && isSame(value, valueOf(box)))) keepInstead(entry);
    else return show(entry, places);
  }
  return null;
}

function keepInstead(entry) {
  keep();
  if (store((kept) => kept.getItem(ownKey()))) forget(entry.key);
}

function show(entry, places) {
  const box = notice("typed-kept");
  const language = document.documentElement.lang.replace(/^en$/, "en-GB");
  const when = new Date(entry.at).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  setTimeout(() => {
    box.append(paragraph(fill("What you typed here on %(when)s was not saved: %(names)s.", { when, names: namesOf(entry, places) })));
    const seen = form.elements._seen?.value ?? "";
    if (seen !== entry.seen) box.append(paragraph(say("The record was saved since. What you put back takes the place of what stands there now.")));
    if (entry.files.length) box.append(paragraph(fill("Files are not kept; choose again: %(files)s.", { files: entry.files.join(", ") })));
    box.append(
      button(say("Put it back"), () => answer(box, entry, putBack)),
      button(say("Throw it away"), () => answer(box, entry, () => ""), "quiet"),
    );
  });
}

function answer(box, entry, act) {
  const words = act(entry);
  forget(entry.key);
  box.replaceChildren(...(words ? [paragraph(words)] : []));
  if (!words) box.remove();
  const first = form.querySelector(".put-back");
  if (words && first) (first.matches("input, select, textarea") ? first : first.querySelector("[tabindex], [contenteditable]"))?.focus();
  else if (!words) document.getElementById("content-start")?.focus();
  offer();
}

function putBack(entry) {
  const places = placesOf(entry, true);
  const here = boxes();
  const lost = [];
  for (const [id, value] of Object.entries(entry.fields)) {
    const box = here.get(nameHere(id, places));
    if (box) putInto(box, value);
    else lost.push(id.replaceAll(/[-_]/g, " "));
  }
  keep();
  const done = say("It is back in the boxes that are marked. Nothing is saved yet.");
  return lost.length ? `${done} ${fill("No place was left for: %(lost)s.", { lost: lost.join(", ") })}` : done;
}

function putInto(box, value) {
  if (isSame(value, valueOf(box))) return;
  if (TICKED.includes(box.type)) box.checked = value;
  else if (box.options) choose(box, value);
  else box.value = value;
  const prose = box.closest(".prose-editor");
  prose?.querySelector(".tiptap")?.editor?.commands.setContent(value);
  for (const name of ["input", "change"]) box.dispatchEvent(new Event(name, { bubbles: true }));
  const scripted = box.nextElementSibling?.matches(".select2-container") ? box.nextElementSibling : null;
  if (scripted) window.django.jQuery(box).trigger("change");
  (prose ?? scripted ?? box).classList.add("put-back");
  for (let part = box.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
}

function choose(select, value) {
  for (const [key, label] of value) {
    const isKnown = [...select.options].some((option) => option.value === key);
    if (!isKnown && select.matches(".admin-autocomplete")) select.add(new Option(label, key));
  }
  const keys = value.map(([key]) => key);
  for (const option of select.options) option.selected = keys.includes(option.value);
}

// Signing out leaves nothing behind.

document.getElementById("logout-form")?.addEventListener("submit", (event) => {
  if (form) keep();
  const kept = entries();
  const question = say("What you typed and did not save is deleted from this browser when you sign out. Sign out?");
  if (kept.length && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  isGone = true;
  for (const { key } of kept) forget(key);
});

/** A sign-in in another window has changed the sign by which the server knows its own forms. */
function renewSign() {
  const sign = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  if (sign && form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = sign;
}

/** A page that was saved, changed and sent once more comes back under another token: what it holds is still unsaved. */
function keepUnderNewToken() {
  const before = token?.dataset.was && entries().find(({ key }) => key.endsWith(` ${token.dataset.was}`));
  if (before) store((kept) => kept.setItem(ownKey(), kept.getItem(before.key)));
}

keepUnderNewToken();
forgetSaved();
if (form) {
  const own = entries().find(({ key }) => key === ownKey());
  // A page that came back with mistakes shows what was typed; what the record holds is known from before.
  if (own && "unsaved" in token.dataset) {
    for (const [id, box] of boxes()) if (id in own.was) shown.set(box, own.was[id]);
  }
  boxes().forEach(shownIn);
  document.addEventListener("formset:added", () => boxes().forEach(shownIn));
  form.addEventListener("submit", renewSign);
  form.addEventListener("submit", ({ submitter }) => {
    // What is typed beside a draft that is discarded is not saved with it: it stays here, and is offered.
    keep({ isSent: submitter?.value !== "discard-draft" });
    wasSent = true;
  });
  // Gone back to after a save: the page is asked for anew, so that it shows what was saved.
  window.addEventListener("pageshow", (event) => event.persisted && wasSent && location.reload());
  offer();
  setInterval(() => keep(), EVERY);
  document.addEventListener("visibilitychange", () => keep());
  window.addEventListener("pagehide", () => keep());
}
