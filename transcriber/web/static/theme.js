// Light, dark, or as the computer is set. Not a module: it runs before anything is drawn, so that a
// dark page never flashes white.
(() => {
  const root = document.documentElement;
  const ORDER = ["auto", "light", "dark"];
  const stored = () => {
    try {
      const value = localStorage.getItem("theme");
      return ORDER.includes(value) ? value : "auto";
    } catch {
      return "auto"; // storage is switched off
    }
  };
  const show = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  root.classList.add("js");
  show(stored());
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    if (!button) return;
    const label = button.querySelector("span");
    const say = (theme) => { label.textContent = theme; };
    say(stored());
    button.addEventListener("click", () => {
      const next = ORDER[(ORDER.indexOf(stored()) + 1) % ORDER.length];
      try {
        localStorage.setItem("theme", next);
      } catch {
        // It holds for this page only.
      }
      show(next);
      say(next);
    });
  });
})();
