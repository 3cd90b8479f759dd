// Tells the server every half minute that a record's form is open, and shows who else has it open. Without this script
// opening the form counts for ten minutes.

const box = document.querySelector("[data-presence]");
const EVERY = 30_000;
const say = window.gettext ?? ((text) => text);

function send(told, options = {}) {
  const sign = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return fetch(box.dataset.presence, {
    method: "POST",
    headers: { "X-CSRFToken": sign ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "" },
    body: new URLSearchParams({ page: box.dataset.page, ...told }),
    redirect: "manual",
    ...options,
  });
}

function show(words) {
  const lines = [...box.children].map((line) => line.textContent);
  if (lines.join("\n") === words.join("\n")) return;
  box.replaceChildren(
    ...words.map((text) => {
      const line = document.createElement("p");
      line.className = "notice";
      line.textContent = text;
      return line;
    }),
  );
}

async function report() {
  try {
    const answer = await send();
    if (answer.type === "opaqueredirect") {
      show([say("Your sign-in has ended. Sign in again in another window; what you typed stays here.")]);
    } else if (answer.ok) show((await answer.json()).others);
  } catch {
    // No line just now; the next report may get through.
  }
}

if (box) {
  report();
  setInterval(report, EVERY);
  window.addEventListener("pageshow", (event) => event.persisted && report());
  window.addEventListener("pagehide", () => send({ left: "1" }, { keepalive: true }).catch(() => {}));
}
