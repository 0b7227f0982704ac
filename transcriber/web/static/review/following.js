// Sees what others change: the server says that there is more, and it is fetched.
export class Following {
  #stream = null;
  #isFetching = false;
  #wanted = 0;
  #hasLooked = false; // the machine is done, whether it found anything or not

  constructor(desk) {
    this.desk = desk;
    document.addEventListener("visibilitychange", () => this.#listen());
    desk.saving.addEventListener("answer", () => this.#fetch());
    this.#listen();
  }

  // A page that nobody sees gives its connection back, and looks once when it is seen again.
  #listen() {
    if (document.hidden) {
      this.#stream?.close();
      this.#stream = null;
    } else if (!this.#stream) {
      this.#stream = new EventSource(this.desk.root.dataset.events);
      this.#stream.addEventListener("changed", (event) => {
        const { number, searching } = JSON.parse(event.data);
        this.#hasLooked = this.desk.isSearching && !searching;
        this.want(number);
      });
    }
  }

  want(number) {
    this.#wanted = Math.max(this.#wanted, number);
    this.#fetch();
  }

  async #fetch() {
    const { saving, root } = this.desk;
    // While something is on its way, its answer holds what others did.
    if (this.#isFetching || saving.waiting.length || (this.#wanted <= saving.number && !this.#hasLooked)) return;
    this.#hasLooked = false;
    this.#isFetching = true;
    try {
      const answer = await fetch(`${root.dataset.at}/changes?since=${saving.number}`, { headers: { accept: "application/json" } });
      if (answer.ok && !saving.waiting.length) this.desk.take(await answer.json());
    } catch {
      // It is told again with the next change, or when the page is looked at.
    } finally {
      this.#isFetching = false;
    }
  }
}
