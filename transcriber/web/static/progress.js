// Keeps how far recordings are up to date while the page is looked at. Without it the page is right
// whenever it is loaded. Words come from the server: when a recording changes its state, its row is
// fetched anew; in between only the bar moves.
const root = document.querySelector("[data-progress]");
const told = document.getElementById("told");
const PAUSE_MS = 2000;
const stale = new Set();
let stream = null;
let timer = null;

const rowOf = (place, id) => place.querySelector(`[data-recording="${CSS.escape(id)}"]`);

function move(row, progress) {
  const percent = Math.round(progress.fraction * 100);
  const words = JSON.parse(root.dataset.words);
  row.querySelector("progress").value = percent;
  row.querySelector("[data-fraction]").textContent = `${percent} %`;
  row.querySelector("[data-stage]").textContent = progress.stages.map((stage) => words[stage]).join(", ");
  row.querySelector("[data-eta]").textContent = progress.eta ? progress.eta.words : "";
}

function onRecording(event) {
  const progress = JSON.parse(event.data);
  const row = rowOf(root, progress.recording_id);
  const isMoving = row && row.dataset.state === progress.state && row.querySelector("progress");
  if (isMoving) move(row, progress);
  else if (!row || row.dataset.state !== progress.state || progress.state === "working") {
    stale.add(progress.recording_id);
    timer ??= setTimeout(fetchAnew, PAUSE_MS * (0.5 + Math.random()));
  }
}

async function fetchAnew() {
  const ids = [...stale];
  stale.clear();
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ids) {
      const [old, made] = [rowOf(root, id), rowOf(page, id)];
      if (old && made) old.replaceWith(document.adoptNode(made));
      if (made && told) told.textContent = made.dataset.told;
    }
    const body = page.querySelector("[data-progress] tbody");
    const isNew = body && ids.some((id) => rowOf(body, id) && !rowOf(root, id));
    if (isNew) root.querySelector("tbody").replaceWith(document.adoptNode(body));
    for (const counted of page.querySelectorAll("[data-counted]")) {
      const shown = document.getElementById(counted.id);
      if (shown) shown.textContent = counted.textContent;
    }
    for (const made of page.querySelectorAll("[data-anew]")) {
      const old = document.getElementById(made.id);
      const hadFocus = old?.contains(document.activeElement);
      old?.replaceWith(document.adoptNode(made));
      if (hadFocus) made.querySelector("a, button")?.focus();
    }
  } catch {
    // The service is away; the stream takes up where it broke off.
  } finally {
    timer = null;
    if (stale.size) timer = setTimeout(fetchAnew, PAUSE_MS);
  }
}

// A browser has few connections to one host, so a page that nobody sees gives its own back.
function follow() {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream) {
    stream = new EventSource(root.dataset.progress);
    stream.addEventListener("recording", onRecording);
    stream.addEventListener("gone", (event) => rowOf(root, JSON.parse(event.data).recording_id)?.remove());
  }
}

if (root) {
  document.addEventListener("visibilitychange", follow);
  follow();
}
