// The first-run tour: one step at a time, closed for good by whoever has seen it. What is remembered
// in the browser is the id of an account and nothing else.

const KEY = "tour-closed-";
const tour = document.querySelector("#tour");

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a browser that keeps nothing shows it again
  }
}

function remember(key) {
  try {
    localStorage.setItem(key, "1");
  } catch {
    // shown again the next time
  }
}

if (tour && !remembered(KEY + tour.dataset.account)) {
  const steps = [...tour.querySelectorAll("ol > li")];
  const [back, next, close] = ["back", "next", "close"].map((name) => tour.querySelector(`[data-tour=${name}]`));
  const told = tour.querySelector("[data-told]");
  let at = 0;
  const show = () => {
    steps.forEach((step, number) => {
      step.hidden = number !== at;
    });
    back.disabled = at === 0;
    next.textContent = at === steps.length - 1 ? "Done" : "Next";
  };
  const end = () => {
    remember(KEY + tour.dataset.account);
    tour.hidden = true;
    document.querySelector("#main")?.focus();
  };
  const go = (number) => {
    if (number >= steps.length) return end();
    at = Math.max(number, 0);
    show();
    told.textContent = `Step ${at + 1} of ${steps.length}: ${steps[at].textContent.trim()}`;
    return undefined;
  };
  back.addEventListener("click", () => go(at - 1));
  next.addEventListener("click", () => go(at + 1));
  close.addEventListener("click", end);
  tour.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
    else if (event.target.closest("a")) return;
    else if (event.key === "ArrowRight") go(at + 1);
    else if (event.key === "ArrowLeft" && at > 0) go(at - 1);
  });
  show();
  tour.hidden = false;
}

const again = document.querySelector("[data-tour-again]");
again?.addEventListener("click", () => {
  try {
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith(KEY))) {
      localStorage.removeItem(key);
    }
  } catch {
    // nothing was kept
  }
  again.nextElementSibling.textContent = "Open a study: the tour begins there.";
});
