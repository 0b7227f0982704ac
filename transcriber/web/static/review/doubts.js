// What is in doubt, an entity a row. Its mentions are put in when somebody opens it.
import { wordsOf, turnOf, idOf } from "./words.js";
import { parsed } from "./turns.js";
import { wasSaid } from "./marks.js";

const AROUND = 34; // letters before and after a mention

export class Doubts {
  constructor(desk) {
    this.desk = desk;
    this.list = document.getElementById("doubts");
    this.list.addEventListener("toggle", (event) => {
      if (event.target.open) this.#fill(event.target.closest(".doubt"));
    }, true);
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest(".doubt");
      const link = event.target.closest(".mentions a");
      const all = event.target.closest("[data-all]");
      if (link) {
        event.preventDefault();
        const mark = desk.marks.at(link.dataset.first);
        if (mark) desk.goTo(mark);
      } else if (all) {
        const mark = desk.marks.of(row.dataset.e)[0];
        if (mark) {
          desk.goTo(mark);
          desk.act(all.dataset.all);
        }
      }
    });
    desk.marks.addEventListener("here", () => this.#follow());
  }

  // `order` are the entities in order of doubt; `rows` those that are told anew.
  put({ order, rows }) {
    for (const [key, html] of Object.entries(rows)) {
      const made = parsed(html).firstElementChild;
      const old = this.row(key);
      if (old?.querySelector("details").open) {
        made.querySelector("details").open = true;
        this.#fill(made);
      }
      if (old) old.replaceWith(made);
      else this.list.append(made);
    }
    const wanted = new Set(order);
    for (const row of [...this.list.children]) if (!wanted.has(row.dataset.e)) row.remove();
    const hasFocus = this.list.contains(document.activeElement) && document.activeElement;
    const known = new Map(Array.from(this.list.children, (row) => [row.dataset.e, row]));
    let at = this.list.firstElementChild;
    for (const key of order) {
      const row = known.get(key);
      if (!row) continue;
      if (row === at?.nextElementSibling) {
        at.remove(); // it stands further down now: one row is moved, not all the others
        at = row;
      }
      if (row === at) at = at.nextElementSibling;
      else this.list.insertBefore(row, at);
    }
    if (hasFocus && hasFocus.isConnected) hasFocus.focus({ preventScroll: true });
    document.getElementById("no-doubts")?.toggleAttribute("hidden", order.length > 0);
    this.#follow();
  }

  row(key) { return this.list.querySelector(`[data-e="${CSS.escape(key)}"]`); }

  #follow() {
    this.list.querySelector(".doubt.here")?.classList.remove("here");
    const mark = this.desk.marks.here;
    if (mark) this.row(mark.dataset.e)?.classList.add("here");
  }

  #fill(row) {
    const mentions = this.desk.marks.of(row.dataset.e);
    if (!mentions.length) return;
    row.querySelector(".mentions").replaceChildren(...mentions.map(mention));
  }
}

function mention(mark) {
  const turn = turnOf(mark);
  const words = wordsOf(turn);
  const first = Math.max(words.ids.indexOf(mark.dataset.first), 0);
  const said = wasSaid(mark);
  const at = words.text.indexOf(said, words.offsets[first]);
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: `#turn-${idOf(turn)}` });
  link.dataset.first = mark.dataset.first;
  const name = Object.assign(document.createElement("b"), { textContent: said });
  const [before, after] = [words.text.slice(Math.max(0, at - AROUND), at), words.text.slice(at + said.length, at + said.length + AROUND)];
  link.append(at > AROUND ? "…" : "", before, name, after, at + said.length + AROUND < words.text.length ? "…" : "");
  const time = Object.assign(document.createElement("time"), { textContent: turn.querySelector("time").textContent });
  item.append(time, " ", link);
  item.className = ["proposed", "accepted", "rejected", "added"].find((state) => mark.classList.contains(state)) ?? "";
  return item;
}
