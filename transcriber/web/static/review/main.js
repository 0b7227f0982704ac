// The page on which a recording is checked: keys and buttons, and what each of them does.
import { Alikes } from "./alikes.js";
import { Ask } from "./ask.js";
import { Chosen } from "./chosen.js";
import { Desk } from "./desk.js";
import { Doubts } from "./doubts.js";
import { Editing } from "./editing.js";
import { Finding } from "./finding.js";
import { Following } from "./following.js";
import { listenToKeys } from "./keys.js";
import { Marks } from "./marks.js";
import { Past } from "./past.js";
import { Pleas } from "./pleas.js";
import { Saving } from "./saving.js";
import { Sound } from "./sound.js";
import { Turns } from "./turns.js";
import { turnOf, wordAtPoint } from "./words.js";

const root = document.getElementById("review");
const desk = new Desk(root);
const list = root.querySelector("#turns");
desk.turns = new Turns(root);
desk.marks = new Marks(list);
desk.chosen = new Chosen(list);
desk.saving = new Saving(root, document.getElementById("saved"));
desk.past = new Past(desk.saving);
desk.alikes = new Alikes(desk);
desk.ask = new Ask(desk);
desk.doubts = new Doubts(desk);
desk.pleas = new Pleas(desk);
desk.editing = new Editing(desk);
desk.finding = new Finding(desk);
desk.sound = new Sound(desk);

desk.saving.addEventListener("answer", ({ detail }) => desk.take(detail));
desk.saving.addEventListener("refused", ({ detail }) => desk.refused(detail.sentence));
desk.chosen.addEventListener("change", () => desk.ask.show());
desk.turns.addEventListener("whole", ({ detail: number }) => {
  desk.marks.changed();
  root.dataset.whole = "true";
  if (number !== desk.saving.number) desk.following.want(Math.max(number, desk.saving.number));
});

list.addEventListener("click", (event) => {
  if (event.target.closest("#ask, form")) return;
  const who = event.target.closest(".who");
  const turn = turnOf(event.target);
  if (!turn) return;
  if (who) {
    desk.chosen.at(turn);
    desk.act("who");
    return;
  }
  if (desk.chosen.isSome && event.detail === 1 && !getSelection().isCollapsed) return;
  const mark = event.target.closest("mark");
  const word = wordAtPoint(event.clientX, event.clientY);
  desk.chosen.at(turn, word?.turn === turn ? word.number : 0);
  if (mark) desk.goTo(mark.hasAttribute("data-on") ? (desk.marks.at(mark.dataset.first) ?? mark) : mark, false);
  else desk.show(turn, false);
  if (word && event.detail === 1) desk.sound.playFrom(word.turn, word.number);
});
list.addEventListener("dblclick", (event) => {
  const turn = turnOf(event.target);
  if (!turn || event.target.closest("#ask, form, .by")) return;
  getSelection().removeAllRanges();
  desk.sound.pause();
  desk.chosen.at(turn);
  desk.act("edit");
});
root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button && !button.closest("#ask, #keys")) desk.act(button.dataset.act);
  const view = event.target.closest("button[data-view]");
  if (view) desk.see(view.dataset.view);
});
listenToKeys(desk);

const TURN = "#turn-"; // links lead to a turn, or to a word that began one

function goToAsked() {
  const asked = location.hash.startsWith(TURN) ? desk.turns.holding(location.hash.slice(TURN.length)) : null;
  if (asked) desk.show(asked);
}

const started = () => {
  desk.following = new Following(desk);
  desk.turns.loadRest().then(() => {
    root.dataset.whole = "true";
    desk.pleas.look();
    if (!desk.turn) goToAsked(); // it was not among the first
  });
  const asked = document.getElementById(location.hash.slice(1));
  if (asked?.matches(".turn")) desk.show(asked, false);
};
addEventListener("hashchange", goToAsked);
if (root.dataset.end === root.dataset.count) root.dataset.whole = "true";
requestAnimationFrame(() => setTimeout(started));
