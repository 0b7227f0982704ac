// What was done on this page, in order, so that undo takes back what somebody did last: the server keeps
// one's own steps in a recording apart from decisions for the whole study.
export class Past {
  #done = [];
  #undone = [];
  #isAgain = false;

  constructor(saving) {
    this.saving = saving;
    saving.addEventListener("sent", ({ detail: { path, body } }) => this.#note(path, body));
  }

  // What was done before the page was opened, the server knows.
  undo() {
    const step = this.#done.pop();
    this.#undone.push(step ?? {});
    if (step?.entity) this.saving.send("for-study/undo", { decision: step.batch });
    else this.saving.send("undo");
  }

  redo() {
    const step = this.#undone.pop();
    this.#isAgain = true;
    if (step?.entity) this.saving.send("for-study", { entity: step.entity, keep: step.keep });
    else this.saving.send("redo");
    this.#isAgain = false;
  }

  #note(path, body) {
    if (!["decisions", "for-study", "redo"].includes(path)) return;
    this.#done.push(path === "for-study" ? { ...body } : {});
    if (!this.#isAgain) this.#undone = [];
  }
}
