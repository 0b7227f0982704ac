// What can be done on the page. Each thing shows at once, is sent, and can be undone.
import { changed, isSure, spoken, written } from "./dialogs.js";
import { guessed } from "./guess.js";
import { isUndecided, judge, wasSaid, whatLeaves } from "./marks.js";
import { rangeOf, turnOf, wordsOf } from "./words.js";

const VIEWS = ["heard", "released", "both"];
const TOP = 90; // below that of the window a mark is read with what is before it
const BOTTOM = 260; // the question and the sound stand there
const TOAST_MS = 8_000;
const REST_MS = 1_000; // browsers refuse an address that changes all the time
const READS_ONLY = new Set(["next", "previous", "nextUndecided", "previousUndecided", "alike", "nextTurn", "previousTurn", "nextUnheard", "nextStale", "wordLeft", "wordRight", "find", "play", "back", "loop", "slower", "faster", "view", "help", "close"]);

export class Desk {
  #toast = null;
  #place = null; // where a page that is loaded again begins
  #pending = globalThis.Highlight ? new Highlight() : null;
  #wanted = null; // a mark that is on its way

  constructor(root) {
    this.root = root;
    this.isEditable = root.classList.contains("editable");
    this.isSearching = root.hasAttribute("data-searching"); // the machine looks at what was changed
    this.types = JSON.parse(root.dataset.types);
    this.voices = JSON.parse(root.dataset.voices);
    if (this.#pending) CSS.highlights.set("pending", this.#pending);
  }

  act(name, isMore = false) {
    if (!this.isEditable && !READS_ONLY.has(name)) return;
    this[`on_${name}`]?.(isMore);
  }

  // Where somebody is.
  get turn() {
    return this.chosen.turn ?? (this.marks.here && turnOf(this.marks.here)) ?? this.turns.list.querySelector(".turn.here");
  }

  goTo(mark, withScroll = true) {
    const turn = turnOf(mark);
    this.chosen.at(turn, Math.max(wordsOf(turn).ids.indexOf(mark.dataset.first), 0));
    this.#at(turn);
    this.marks.go(mark);
    if (withScroll) this.bring(mark);
    this.ask.show();
    if (withScroll) this.ask.bring();
    mark.focus({ preventScroll: true });
    this.tell(this.ask.told(mark));
  }

  show(turn, withScroll = true) {
    if (this.marks.here && turnOf(this.marks.here) !== turn) this.marks.go(null);
    this.#at(turn);
    if (this.chosen.turn !== turn) this.chosen.at(turn);
    if (withScroll) this.bring(turn);
    if (!this.chosen.isSome && !this.marks.here) this.ask.hide();
    turn.focus({ preventScroll: true });
  }

  bring(element) {
    const { top, bottom } = element.getBoundingClientRect();
    if (top < TOP || bottom > innerHeight - BOTTOM) element.scrollIntoView({ block: "center" });
  }

  #at(turn) {
    this.turns.list.querySelector(".turn.here")?.classList.remove("here");
    this.turns.list.querySelector(".near")?.classList.remove("near");
    turn?.classList.add("here");
    turn?.parentElement.classList.add("near"); // the question may stand out of it
    clearTimeout(this.#place);
    if (turn) this.#place = setTimeout(() => history.replaceState(null, "", `#${turn.id}`), REST_MS);
  }

  see(view) {
    this.root.dataset.view = view;
    for (const button of this.root.querySelectorAll("button[data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    this.ask.show();
  }

  tell(text) { document.getElementById("told").textContent = text; }

  pause() { this.sound.pause(); }

  refused(sentence) {
    this.#pending?.clear();
    this.toast(sentence);
    this.turns.loadAll().then(() => this.#again());
  }

  toast(text) {
    const box = document.getElementById("said-aloud");
    box.textContent = text;
    box.hidden = false;
    clearTimeout(this.#toast);
    this.#toast = setTimeout(() => {
      box.hidden = true;
    }, TOAST_MS);
  }

  // An answer: what differs is put in, and what is still on its way is shown over it again.
  take(answer) {
    if (answer.number < this.saving.number) return;
    const here = this.marks.here?.dataset.first;
    const [turn, isSome] = [this.turn, this.chosen.isSome];
    const id = turn?.id;
    const hadFocus = this.turns.list.contains(document.activeElement) && !this.editing.isOpen;
    this.saving.number = answer.number;
    this.#pending?.clear();
    if (this.ask.bar.parentElement?.classList.contains("turn")) document.body.append(this.ask.bar);
    this.turns.put(answer);
    this.marks.changed();
    this.doubts.put(answer.doubts);
    document.getElementById("progress").innerHTML = answer.progress;
    this.voices = answer.voices;
    if (answer.all) this.turns.loadAll().then(() => this.#again());
    for (const step of this.saving.waiting.slice(1)) step.show?.();
    this.#restore(here, id, isSome, hadFocus);
    if (answer.others.length) this.toast(answer.others.join(" "));
    if (answer.turns.length) {
      this.sound.refresh();
      this.pleas.look();
    }
    if (this.isSearching && !answer.searching) this.alikes.look();
    this.isSearching = answer.searching;
  }

  #again() {
    this.marks.changed();
    this.#restore(this.marks.here?.dataset.first, this.turn?.id, false, false);
  }

  #restore(first, turnId, isSome, hadFocus) {
    const wanted = this.#wanted && this.marks.at(this.#wanted);
    const mark = wanted ?? (first && this.marks.at(first));
    const turn = (mark && turnOf(mark)) ?? (turnId && document.getElementById(turnId));
    if (turn) {
      this.#at(turn);
      this.chosen.restore(turn);
      if (wanted || !isSome) this.chosen.at(turn, mark ? Math.max(wordsOf(turn).ids.indexOf(mark.dataset.first), 0) : this.chosen.first);
    }
    if (wanted) this.#wanted = null;
    this.marks.go(mark || null);
    this.ask.show();
    if (hadFocus && !this.editing.isOpen) (mark || turn)?.focus({ preventScroll: true });
  }

  // Going.
  #step(by, fits) {
    const mark = this.marks.next(by, fits, this.turn);
    if (mark) this.goTo(mark);
    else this.toast(fits ? "No mark is left to decide." : "There are no marks here.");
  }
  on_next() { this.#step(1); }
  on_previous() { this.#step(-1); }
  on_nextUndecided() { this.#step(1, isUndecided); }
  on_previousUndecided() { this.#step(-1, isUndecided); }
  #toTurn(turn, none) {
    if (turn) {
      this.marks.go(null);
      this.chosen.at(turn);
      this.show(turn);
    } else if (none) this.toast(none);
  }
  on_nextTurn() { this.#toTurn(this.turn ? this.turns.beside(this.turn, 1) : this.turns.all[0]); }
  on_previousTurn() { this.#toTurn(this.turn && this.turns.beside(this.turn, -1)); }
  on_nextUnheard() { this.#toTurn(this.turns.next(this.turn, (turn) => turn.classList.contains("unheard")), "All turns were heard."); }
  on_nextStale() { this.#toTurn(this.turns.next(this.turn, (turn) => turn.classList.contains("again")), "No turn is to be checked again."); }
  on_wordRight(isMore) { this.#word(1, isMore); }
  on_wordLeft(isMore) { this.#word(-1, isMore); }
  #word(by, isMore) {
    if (!this.chosen.turn) this.on_nextTurn();
    this.chosen.move(by, isMore);
    if (this.chosen.isSome) this.tell(this.chosen.texts.join(" "));
  }

  // Marks.
  #judge(kind, state) {
    const mark = this.marks.here;
    if (!mark) return this.toast("Go to a mark first: press n.");
    const { first, last } = mark.dataset;
    this.saving.decide([{ kind, first, last }], { show: () => this.#shown(this.marks.at(first), state) });
    return this.tell(this.ask.told(mark));
  }
  #shown(mark, state) {
    if (mark && !(state === "accepted" && mark.classList.contains("added"))) judge(mark, state);
    if (mark === this.marks.here) this.ask.show();
  }
  on_accept() { this.#judge("finding_accepted", "accepted"); }
  on_reject() { this.#judge("finding_rejected", "rejected"); }

  async #all(verdict, forStudy, keep = false) {
    const mark = this.marks.here;
    if (!mark) return this.toast("Go to a mark first: press n.");
    const { e: key } = mark.dataset;
    const mentions = this.marks.of(key);
    const said = wasSaid(mark);
    const does = verdict === "accept" ? "Take out" : "Leave as said";
    const where = forStudy ? "in all recordings of the study, also those to come" : "in this recording";
    const isMany = forStudy || mentions.length > 1;
    if (isMany && !(await isSure({
      title: keep ? `Never take out “${said}”?` : `${does}: all of “${said}”?`,
      text: `${count(mentions.length, "mention", "mentions")} here, ${mentions.filter(isUndecided).length} not decided yet. It holds ${where}. Marks that were decided one by one stay as they are. It is counted as decided all at once.`,
      yes: `${does} ${forStudy ? "in the study" : `all ${mentions.length}`}`,
    }))) return undefined;
    const entity = { kind: "entity", key, verdict };
    const show = () => {
      for (const each of this.marks.of(key)) if (isUndecided(each)) this.#shown(each, verdict === "accept" ? "accepted" : "rejected");
    };
    if (forStudy) return this.saving.send("for-study", { entity, keep }, { show });
    return this.saving.decide([entity], { show });
  }
  on_alike() {
    const mark = this.marks.here;
    const alikes = mark ? this.alikes.of(mark) : [];
    if (alikes.length) this.goTo(alikes[(alikes.indexOf(mark) + 1) % alikes.length]);
    else this.toast(mark ? "Nothing here only sounds like it." : "Go to a mark first: press n.");
  }
  on_acceptAlikes() {
    const alikes = this.marks.here ? this.alikes.of(this.marks.here) : [];
    if (!alikes.length) return this.toast("Nothing here only sounds like it.");
    const places = alikes.map(({ dataset }) => [dataset.first, dataset.last]);
    this.saving.decide(places.map(([first, last]) => ({ kind: "finding_accepted", first, last })), {
      show: () => {
        for (const [first] of places) this.#shown(this.marks.at(first), "accepted");
      },
    });
    return this.toast(`${count(places.length, "mention", "mentions")} by sound taken out. Undo: u.`);
  }
  on_acceptAll() { this.#all("accept", false); }
  on_rejectAll() { this.#all("reject", false); }
  on_acceptStudy() { this.#all("accept", true); }
  on_rejectStudy() { this.#all("reject", true); }
  on_never() { this.#all("reject", true, true); }

  async on_type() {
    const mark = this.marks.here;
    if (!mark) return this.toast("Go to a mark first: press n.");
    const { first, last, type, e: key } = mark.dataset;
    const leaves = whatLeaves(mark);
    const now = await changed(this.types, { type, replacement: leaves, said: wasSaid(mark) });
    if (!now) return undefined;
    const replacement = now.replacement && now.replacement !== leaves ? now.replacement : null;
    if (now.reach === "mention") {
      this.#wanted = first;
      return this.saving.decide([
        { kind: "finding_rejected", first, last },
        now.type === type && !replacement
          ? { kind: "mark", first, last, key, replacement: now.replacement || null }
          : { kind: "identifier_marked", first, last, entity_type: now.type, replacement },
      ]);
    }
    const entity = { kind: "entity", key, verdict: "change", new_type: now.type === type ? null : now.type, replacement };
    if (now.reach === "study") return this.saving.send("for-study", { entity });
    return this.saving.decide([entity]);
  }
  on_replacement() { this.on_type(); }

  #resize(left, right) {
    const mark = this.marks.here;
    if (!mark) return;
    const turn = turnOf(mark);
    const { ids } = wordsOf(turn);
    const { first, last, e: key } = mark.dataset;
    const [from, to] = [ids.indexOf(first) + left, ids.indexOf(last) + right];
    if (from < 0 || to >= ids.length || to < from || !ids.includes(last)) {
      this.toast("A mark has at least one word, and ends with its turn.");
      return;
    }
    this.#wanted = ids[from];
    this.saving.decide([
      { kind: "finding_rejected", first, last },
      { kind: "mark", first: ids[from], last: ids[to], key, replacement: mark.querySelector(".out").textContent || null },
    ], { show: () => this.#awaited(turn.id, from, to) });
  }
  on_widenLeft() { this.#resize(-1, 0); }
  on_widenRight() { this.#resize(0, 1); }
  on_narrowLeft() { this.#resize(1, 0); }
  on_narrowRight() { this.#resize(0, -1); }

  on_mark() {
    const { chosen } = this;
    if (!chosen.isSome) {
      this.toast("Choose words first: with the arrow keys, or the mouse.");
      return;
    }
    const [first, last] = chosen.ids;
    const { turn, first: from, last: to, texts } = chosen;
    const before = wordsOf(turn).texts[from - 1] ?? "";
    const type = guessed(texts, before, (text) => this.#sameAs(text));
    this.#wanted = first;
    this.saving.decide([{ kind: "identifier_marked", first, last, entity_type: type }], {
      show: () => this.#awaited(turn.id, from, to),
    });
    this.tell(`${texts.join(" ")} is marked: ${this.types[type]}`);
    chosen.clear();
  }
  #sameAs(text) {
    const plain = text.toLowerCase();
    return this.marks.all.find((mark) => wasSaid(mark).toLowerCase() === plain)?.dataset.type ?? null;
  }
  // Shown as marked until the answer brings the mark itself.
  #awaited(turnId, from, to) {
    const turn = document.getElementById(turnId);
    if (!turn) return;
    if (to < wordsOf(turn).ids.length) this.#pending?.add(rangeOf(turn, from, to));
  }

  // Words.
  on_edit() {
    if (this.turn) {
      this.ask.hide();
      this.editing.open(this.turn);
    } else this.toast("Go to a turn first: press Shift J, or click it.");
  }
  correct(words, turn = null, text = "") {
    const edits = words.map(([word, typed]) => ({ kind: "word_corrected", word, text: typed.replaceAll("\u00a0", " ") }));
    const id = turn?.id;
    const show = id && (() => {
      const said = document.getElementById(id)?.querySelector(".said");
      if (said && !said.querySelector("mark, s, span")) said.firstChild?.replaceWith(text);
    });
    this.saving.decide(edits, { show });
  }
  on_restore() {
    const { chosen } = this;
    if (!chosen.isSome || !chosen.isStruck) return this.toast("Choose words that are struck through first.");
    const [first, last] = chosen.ids;
    return this.saving.decide([{ kind: "words_restored", first, last }]);
  }
  on_find() { this.finding.open(); }

  #span() {
    const { chosen, turn } = this;
    if (chosen.isSome) return chosen.ids;
    if (!turn) return null;
    const { ids } = wordsOf(turn);
    return [ids[0], ids.at(-1)];
  }
  async on_note() {
    const span = this.#span();
    if (!span) return this.toast("Go to a turn, or choose words, first.");
    const text = await written({ title: "A note", label: "What should the second reviewer know?", hint: "It stays in this service and never leaves.", yes: "Leave the note" });
    if (!text) return undefined;
    return this.saving.decide([{ kind: "noted", first: span[0], last: span[1], text: text.replace(/\s+/g, " ") }]);
  }
  async on_withhold() {
    const span = this.#span();
    if (!span) return this.toast("Go to a turn, or choose words, first.");
    return this.withhold(span);
  }
  // Asks why, unless that is known.
  async withhold(span, known) {
    const reason = known ?? await written({ title: "Take the passage out", label: "Why?", hint: "Nothing of these words leaves, nor their sound. The reason stays in this service.", yes: "Take it out" });
    if (!reason) return undefined;
    return this.saving.decide([{ kind: "passage_withheld", first: span[0], last: span[1], reason: reason.replace(/\s+/g, " ") }]);
  }

  async on_who() {
    const { turn, chosen } = this;
    if (!turn) return this.toast("Go to a turn first.");
    const { speaker } = turn.dataset;
    const { ids } = wordsOf(turn);
    const words = chosen.turn === turn && chosen.isSome ? chosen.ids : null;
    const label = turn.querySelector(".who").textContent;
    const now = await spoken(this.voices, { speaker, label, hasWords: Boolean(words) });
    if (!now?.to) return undefined;
    const { to, reach } = now;
    const [first, last] = words && reach === "words" ? words : [ids[0], ids.at(-1)];
    const edit = {
      words: { kind: "words_reassigned", first, last, speaker: to },
      turn: { kind: "words_reassigned", first, last, speaker: to },
      rest: { kind: "words_reassigned", first: words?.[0] ?? first, last, speaker: to },
      all: { kind: "speakers_merged", speaker, into: to },
      rename: { kind: "speaker_renamed", speaker, label: to },
    }[reach];
    const told = this.voices.find(({ id }) => id === to)?.label ?? to;
    const show = () => {
      const who = document.getElementById(turn.id)?.querySelector(".who");
      if (who && reach !== "words" && reach !== "rest") who.textContent = told;
    };
    return this.saving.decide([edit], { show });
  }

  // Sound.
  on_play() {
    const { chosen, sound } = this;
    if (chosen.isSome && !sound.isPlaying) sound.playFrom(chosen.turn, chosen.first);
    else sound.toggle();
  }
  on_back() { this.sound.back(); }
  on_loop() {
    const mark = this.marks.here;
    const turn = mark ? turnOf(mark) : this.chosen.turn;
    if (!turn) return;
    const { ids } = wordsOf(turn);
    const [from, to] = mark ? [ids.indexOf(mark.dataset.first), ids.indexOf(mark.dataset.last)] : [this.chosen.first, this.chosen.last];
    this.sound.loop(turn, Math.max(from, 0), to < 0 ? ids.length - 1 : to);
  }
  on_slower() { this.sound.faster(-0.25); }
  on_faster() { this.sound.faster(0.25); }

  // The page.
  on_undo() { this.past.undo(); }
  on_redo() { this.past.redo(); }
  on_view() { this.see(VIEWS[(VIEWS.indexOf(this.root.dataset.view) + 1) % VIEWS.length]); }
  on_help() { document.getElementById("keys").showModal(); }
  on_close() {
    if (!this.finding.form.hidden) this.finding.close();
    else if (this.chosen.isSome) this.chosen.clear();
    else {
      this.marks.go(null);
      this.ask.hide();
    }
  }
}

const count = (number, one, many) => `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;
