// Shows what a sentence becomes under the rules that are chosen, without leaving the page. The
// server makes the same page as it does without this script; only the example is taken from it.
const form = document.getElementById("rules");
const shown = document.getElementById("example");
const seeking = document.getElementById("seeking");
let asked = 0;

async function show() {
  const mine = ++asked;
  seeking.hidden = false;
  const body = new URLSearchParams(new FormData(form));
  body.set("then", "try");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page.getElementById("example");
    if (mine === asked && made) shown.replaceChildren(...made.childNodes);
  } catch {
    // The button still works when the service is back.
  } finally {
    if (mine === asked) seeking.hidden = true;
  }
}

form.addEventListener("change", (event) => {
  if (event.target.name === "policy") show();
});
form.addEventListener("submit", (event) => {
  if (event.submitter?.value === "try") {
    event.preventDefault();
    show();
  }
});
if (!shown.childElementCount) show();
