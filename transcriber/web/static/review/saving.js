// Sends decisions in the order in which they were made, until each is kept. What is on its way is
// in memory only: nothing of an interview is left on the disk of whoever checks it.
const LONGEST_PAUSE_MS = 8_000;
const KEPT_ALIVE = 20_000; // characters; browsers allow 64 kB in all (Fetch, 4.6)
const AGAIN = new Set([401, 408, 429]); // whoever signs in again elsewhere has lost nothing

export class Saving extends EventTarget {
  #waiting = [];
  #isSending = false;
  #root;
  #line;
  #words;

  constructor(root, line) {
    super();
    this.#root = root;
    this.#line = line;
    this.#words = JSON.parse(line.dataset.words);
    addEventListener("beforeunload", (event) => {
      if (this.#waiting.length) event.preventDefault();
    });
  }

  get number() { return Number(this.#root.dataset.number); }
  set number(value) { this.#root.dataset.number = value; }
  // What is shown already and not answered yet.
  get waiting() { return this.#waiting; }

  // `show` shows at once what a step does, and again whenever an older answer was put over it.
  decide(edits, { show = null, then = null } = {}) {
    if (edits.length) this.send("decisions", { edits }, { show, then });
  }

  send(path, body = {}, { show = null, then = null, isQuiet = false } = {}) {
    this.#add({ path, body, show, then, isQuiet });
  }

  #add(step) {
    step.body.batch = crypto.randomUUID().replaceAll("-", ""); // written once, however often it is sent
    this.#waiting.push(step);
    this.dispatchEvent(new CustomEvent("sent", { detail: step }));
    step.show?.();
    if (!step.isQuiet) this.#say(this.#words.saving);
    this.#sendAll();
  }

  async #sendAll() {
    if (this.#isSending) return;
    this.#isSending = true;
    let pause = 500;
    while (this.#waiting.length) {
      const step = this.#waiting[0];
      const answer = await this.#tried(step);
      if (answer === null) {
        this.#say(this.#words.unsaved, true);
        await new Promise((done) => setTimeout(done, pause * (0.75 + Math.random() / 2)));
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        continue;
      }
      pause = 500;
      this.#waiting.shift();
      if (answer.problem) {
        this.dispatchEvent(new CustomEvent("refused", { detail: { sentence: answer.problem, step } }));
      } else {
        this.dispatchEvent(new CustomEvent("answer", { detail: answer.told }));
        step.then?.(answer.told);
      }
      if (!this.#waiting.length) this.#say(answer.told?.saved_at ? `${this.#words.saved} ${answer.told.saved_at}` : "");
    }
    this.#isSending = false;
  }

  // Null where nobody answered, or the server could not: the same step is sent again.
  async #tried(step) {
    try {
      const body = JSON.stringify({ seen: this.number, ...step.body });
      const answer = await fetch(`${this.#root.dataset.at}/${step.path}`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body,
        keepalive: body.length < KEPT_ALIVE, // arrives even where the page is closed meanwhile
      });
      if (answer.ok && !answer.redirected) return { told: await answer.json() };
      if (answer.status >= 500 || AGAIN.has(answer.status)) return null;
      const problem = await answer.json().catch(() => ({}));
      return { problem: problem.detail ?? "This was not saved. Load the page again." };
    } catch {
      return null;
    }
  }

  #say(text, isBad = false) {
    if (this.#line.textContent !== text) this.#line.textContent = text;
    this.#line.classList.toggle("wrong", isBad);
    this.#root.dataset.saved = String(!this.#waiting.length);
  }
}
