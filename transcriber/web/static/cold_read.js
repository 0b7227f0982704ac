// Confirms turns without leaving the page: the button sends its form, and the next turn that nobody
// confirmed has the focus. Words on the page come from the server, which makes the same page again.
const form = document.querySelector(".cold-read");
const told = document.getElementById("told");

const turns = () => [...form.querySelectorAll(".turn")].filter((turn) => turn.querySelector("button"));
const button = (turn) => turn.querySelector("button");
const unread = () => turns().filter((turn) => !button(turn).hasAttribute("data-read"));

function goTo(turn) {
  if (!turn) return;
  button(turn).focus({ preventScroll: true });
  turn.scrollIntoView({ block: "nearest" });
}

// The next turn that is left after this one, else the first that is.
function next(from) {
  const left = unread();
  return left.find((turn) => from.compareDocumentPosition(turn) & Node.DOCUMENT_POSITION_FOLLOWING) ?? left[0];
}

function leave() {
  if (form.dataset.more === "yes") location.assign(form.dataset.next);
  else document.getElementById("done")?.focus();
}

function take(page, turn) {
  const made = page.getElementById(turn.id);
  if (made) turn.replaceWith(document.adoptNode(made));
  for (const selector of [".read-far .bar", "nav.pages"]) {
    const [now, then] = [document.querySelector(selector), page.querySelector(selector)];
    if (now && then) now.replaceWith(document.adoptNode(then));
  }
  const [here, there] = [document.querySelector(".at-once"), page.querySelector(".at-once")];
  if (here && there) here.replaceWith(document.adoptNode(there));
  else here?.remove();
  const next = page.querySelector(".cold-read");
  if (next) Object.assign(form.dataset, { next: next.dataset.next, more: next.dataset.more });
}

let sending = Promise.resolve();

function sendAsPage(chosen) {
  chosen.dataset.plain = ""; // the page that comes says what is wrong
  form.requestSubmit(chosen);
}

async function confirm(chosen) {
  const body = new URLSearchParams(new FormData(form));
  body.set("shown", chosen.value);
  let page;
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html", "x-part": "turn" } });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.querySelector(".cold-read")) throw new Error("refused");
  } catch {
    sendAsPage(chosen);
    return;
  }
  const turn = chosen.closest(".turn");
  const here = turn.contains(document.activeElement);
  take(page, turn);
  told.textContent = document.getElementById("count").textContent;
  if (!unread().length) leave();
  else if (here) goTo(next(document.getElementById(turn.id)));
}

form.addEventListener("submit", (event) => {
  const chosen = event.submitter;
  if (chosen?.name !== "shown" || "plain" in chosen.dataset) return;
  event.preventDefault();
  const turn = chosen.closest(".turn");
  if (chosen.hasAttribute("data-read")) {
    goTo(next(turn));
    return;
  }
  chosen.setAttribute("data-read", "");
  goTo(next(turn));
  sending = sending.then(() => confirm(chosen));
});

form.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const turn = event.target.closest(".turn");
  const all = turns();
  const at = all.indexOf(turn);
  if (at < 0) return;
  const key = event.key.toLowerCase();
  if (key === "e") location.assign(`${form.dataset.review}#turn-${turn.dataset.anchor}`);
  else if (key === "j") goTo(all[at + 1]);
  else if (key === "k") goTo(all[at - 1]);
  else return;
  event.preventDefault();
});

// Whoever comes to confirm begins at the turn that the link names, or at the first that is left.
// The browser takes the focus to what a link names first, once it has drawn the page.
requestAnimationFrame(() => setTimeout(() => {
  goTo(turns().find((turn) => turn.id === location.hash.slice(1)) ?? unread()[0]);
}));
