// One key each, as the list on the page says. They can be switched off (WCAG 2.2, 2.1.4).
const STORED = "review-keys";
const TYPING = "input, textarea, select, [contenteditable]";
const OWN = { " ": "button, summary, a, [role=slider]", Enter: "button, summary, a" };
const OF_SLIDER = new Set(["ArrowLeft", "ArrowRight"]);

export function listenToKeys(desk) {
  const acts = new Map();
  for (const line of document.querySelectorAll("#keys [data-key]")) acts.set(line.dataset.key, line.dataset.act);
  const switched = document.getElementById("keys-on");
  switched.checked = isOn();
  switched.addEventListener("change", () => keep(switched.checked));

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const { target, key } = event;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z" && !target.closest(TYPING)) {
      event.preventDefault();
      desk.act(event.shiftKey ? "redo" : "undo");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest(TYPING)) return;
    if (OWN[key] && target.closest(OWN[key])) return;
    if (OF_SLIDER.has(key) && target.closest("[role=slider]")) return;
    const act = acts.get(key);
    if (!act || (!switched.checked && key !== "Escape")) return;
    event.preventDefault();
    desk.act(act, event.shiftKey);
  });
}

function isOn() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true; // storage is switched off
  }
}

function keep(on) {
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // It holds for this page only.
  }
}
