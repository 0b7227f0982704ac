// The page on which recordings are added: a row for each file, two of them on their way at a time.
import { droppedFiles, seen } from "./dropped_files.js";
import { fingerprint, forget, placeOf, remember, unfinished } from "./remembered_uploads.js";
import { Refused, refusal, send, takeBack } from "./tus.js";

const AT_A_TIME = 2;
const LOOK_AGAIN_MS = 3000;

const page = document.getElementById("upload");
const { study, uploads, recordings } = page.dataset;
const form = document.getElementById("choices");
const drop = document.getElementById("drop");
const table = document.getElementById("files");
const rowTemplate = document.getElementById("file-row");
const told = document.getElementById("told");

const waiting = [];
const rows = new Set();
let atWork = 0;

// One file on its way. Its batch is what was chosen for the files that were dropped together.
class Row {
  constructor(file, batch) {
    this.file = file;
    this.batch = batch;
    this.element = rowTemplate.content.firstElementChild.cloneNode(true);
    this.part("name").textContent = file.name;
    this.part("size").textContent = size(file.size);
    this.part("bar").setAttribute("aria-label", file.name);
    for (const spoken of this.element.querySelectorAll(".which")) spoken.textContent = file.name;
    this.part("pause").addEventListener("click", () => (this.control ? this.pause() : this.resume()));
    this.part("remove").addEventListener("click", () => this.remove());
    table.tBodies[0].append(this.element);
    table.hidden = false;
    rows.add(this);
    this.show("", "Waiting");
  }

  part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  show(mark, state, words = "") {
    const shown = this.part("state");
    shown.className = `state ${mark}`;
    shown.textContent = state;
    this.part("words").textContent = words;
  }

  moved(bytes) {
    const share = this.file.size ? Math.floor((bytes / this.file.size) * 100) : 0;
    this.part("bar").value = share;
    this.part("share").textContent = `${share} %`;
    this.show("working", "On its way");
  }

  buttons({ pause, remove }) {
    this.part("pause").hidden = !pause;
    this.part("pause-word").textContent = pause;
    this.part("remove").hidden = !remove;
  }

  async run() {
    this.control = new AbortController();
    this.buttons({ pause: "Pause", remove: true });
    try {
      this.print ??= await fingerprint(this.file, study);
      this.upload = await send(this.file, {
        uploads,
        place: placeOf(this.print),
        begun: (place) => remember(this.print, place),
        moved: (bytes) => this.moved(bytes),
        waits: (seconds) => this.show("working", "Connection lost", `It goes on by itself. Next try in ${seconds} s.`),
        signal: this.control.signal,
      });
      this.buttons({ pause: "", remove: false });
      this.show("working", "Arrived");
      await this.batch.arrived(this);
    } catch (error) {
      this.ended(error);
    } finally {
      this.control = null;
    }
  }

  ended(error) {
    if (this.isPaused) {
      this.show("", "Paused", "What was sent stays sent.");
      this.buttons({ pause: "Go on", remove: true });
    } else if (!this.isRemoved) {
      this.failed(error instanceof Refused ? error.message : "This file could not be read. Check that it is still there and add it again.");
      const again = error.status === 401 || error.status === 507;
      this.buttons({ pause: again ? "Go on" : "", remove: true });
    }
  }

  failed(sentence) {
    this.show("failed", "Not stored", sentence);
    this.buttons({ pause: "", remove: true });
  }

  pause() {
    this.isPaused = true;
    this.control.abort();
  }

  resume() {
    this.isPaused = false;
    this.show("", "Waiting");
    waiting.push(this);
    next();
  }

  async remove() {
    this.isRemoved = true;
    this.control?.abort();
    rows.delete(this);
    this.element.remove();
    table.hidden = !rows.size;
    this.batch.removed(this);
    const place = this.print && placeOf(this.print);
    if (place) {
      forget(this.print);
      await takeBack(place);
    }
    announce();
  }
}

// Files that were added together with the same choices: a recording each, or one of them all.
class Batch {
  constructor(files) {
    const chosen = new FormData(form);
    const together = chosen.get("together");
    this.wanted = {
      kind: chosen.get("kind"),
      language: chosen.get("language"),
      speakers: chosen.get("speakers") || null,
      takes_part: chosen.get("takes_part"),
      files_are: together === "speakers" ? "speakers" : "parts",
    };
    this.isOne = together !== "each" && files.length > 1;
    this.rows = files.map((file) => new Row(file, this));
  }

  async arrived(row) {
    if (!this.isOne) return make(this.wanted, [row]);
    if (this.rows.every((each) => each.upload)) return make(this.wanted, this.rows);
    return row.show("working", "Arrived", "Waits for the other files of this recording.");
  }

  removed(row) {
    this.rows = this.rows.filter((each) => each !== row);
    if (this.isOne && this.rows.length && this.rows.every((each) => each.upload)) {
      make(this.wanted, this.rows).catch((error) => this.rows.forEach((each) => each.ended(error)));
    }
  }
}

async function make(wanted, made) {
  let answer;
  try {
    answer = await fetch(recordings, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...wanted, uploads: made.map((row) => row.upload) }),
    });
  } catch {
    throw new Refused("The connection broke when the recording was to be stored. Add the file again; nothing is sent twice.", 0);
  }
  if (answer.ok || answer.status === 409) made.forEach((row) => forget(row.print));
  if (!answer.ok) {
    const refused = await refusal(answer);
    made.forEach((row) => row.failed(refused.message));
    return;
  }
  const recording = await answer.json();
  for (const row of made) {
    row.show("done", "Stored", "You can close this page.");
    row.part("recording").href = `/studies/${study}/recordings/${recording.id}`;
    row.part("recording").textContent = recording.code;
    row.part("recording").hidden = false;
    row.buttons({ pause: "", remove: false });
  }
  announce();
  hearOf(recording, made);
}

// Tell how the sound is, in plain words, once the service has listened.
async function hearOf(recording, made) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    try {
      const answer = await fetch(`${recordings}/${recording.id}/sound`, { cache: "no-store" });
      if (!answer.ok) return;
      const sound = await answer.json();
      if (sound.failure) {
        made.forEach((row) => row.show("failed", "Cannot be used", sound.failure));
        return;
      }
      if (sound.sentences.length) {
        made.forEach((row) => row.show("done", "Stored", sound.sentences.join(" ")));
        return;
      }
      if (sound.is_over) return;
    } catch {
      // The service is away; what it says can wait.
    }
  }
}

function next() {
  while (atWork < AT_A_TIME && waiting.length) {
    const row = waiting.shift();
    if (row.isRemoved) continue;
    atWork += 1;
    row.run().finally(() => {
      atWork -= 1;
      announce();
      next();
    });
  }
}

function add(files) {
  if (!files.length || !form.reportValidity()) return;
  waiting.push(...new Batch(files).rows);
  next();
}

function announce() {
  const all = [...rows];
  const stored = all.filter((row) => !row.part("recording").hidden).length;
  told.textContent = all.length ? `${stored} of ${all.length} ${all.length === 1 ? "file" : "files"} stored.` : "";
}

function size(bytes) {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

for (const input of drop.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => {
    add(seen([...input.files]));
    input.value = "";
  });
}
drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  add(await droppedFiles(event.dataTransfer));
});
// A file that misses the frame must not replace the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());

const left = unfinished(uploads);
if (left) {
  const notice = document.getElementById("unfinished");
  notice.hidden = false;
  notice.firstElementChild.textContent = `${left} ${left === 1 ? "file is" : "files are"} not here in full yet. Add ${left === 1 ? "it" : "them"} again and ${left === 1 ? "it goes" : "they go"} on where ${left === 1 ? "it" : "they"} stopped.`;
}
