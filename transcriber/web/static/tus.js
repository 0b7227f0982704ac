// Sends one file by tus 1.0 (https://tus.io), in requests of 8 MiB, and goes on whatever breaks.
const VERSION = { "Tus-Resumable": "1.0.0" };
const REQUEST_BYTES = 8 << 20;
const LONGEST_WAIT_S = 30;

// The server said no, in a sentence for people.
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

// The connection broke, or the server is away: try again.
class Broken extends Error {}

// Send `file` and return the id of its upload. `place` is where an earlier try began, or null;
// `begun(place)` is called with a new one, `moved(bytes)` as bytes go, `waits(seconds)` while the
// connection is away. A `signal` that is aborted stops it; what was sent by then stays sent.
export async function send(file, { uploads, place, begun, moved, waits, signal }) {
  let at = place;
  for (let tries = 0; ; tries += 1) {
    try {
      let offset = at && (await offsetAt(at, signal));
      if (offset === null || offset === undefined) {
        at = await begin(file, uploads, signal);
        begun(at);
        offset = 0;
      }
      moved(offset);
      while (offset < file.size) {
        const end = Math.min(offset + REQUEST_BYTES, file.size);
        const sent = offset;
        offset = await patch(at, file.slice(offset, end), offset, (bytes) => moved(sent + bytes), signal);
        moved(offset);
        tries = 0;
      }
      return at.split("/").pop();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      const seconds = Math.min(2 ** tries, LONGEST_WAIT_S);
      waits(seconds);
      await pause(seconds, signal);
    }
  }
}

// Take an upload back; whatever the server says, it deletes it in time.
export async function takeBack(place) {
  try {
    await fetch(place, { method: "DELETE", headers: VERSION });
  } catch {
    // The server's own sweep deletes it.
  }
}

// What went wrong in a response, as an error to throw.
export async function refusal(answer) {
  try {
    const problem = await answer.json();
    return new Refused(problem.detail, answer.status);
  } catch {
    return new Refused("The service gave no answer that this page understands. Reload the page.", answer.status);
  }
}

async function begin(file, uploads, signal) {
  const answer = await asked(uploads, signal, {
    method: "POST",
    headers: { ...VERSION, "Upload-Length": String(file.size), "Upload-Metadata": `filename ${base64(file.name)}` },
  });
  if (!answer.ok) throw await refusal(answer);
  return new URL(answer.headers.get("Location"), location.href).pathname;
}

// How much of an upload is there; null when it is gone.
async function offsetAt(place, signal) {
  const answer = await asked(place, signal, { method: "HEAD", headers: VERSION });
  if (answer.status === 404 || answer.status === 410) return null;
  // The answer to HEAD has no body that could hold a sentence.
  if (answer.status === 401) throw new Refused("You are not signed in any more. Sign in in another tab, then go on here.", 401);
  if (!answer.ok) throw new Broken();
  return Number(answer.headers.get("Upload-Offset"));
}

async function asked(address, signal, options) {
  let answer;
  try {
    answer = await fetch(address, { ...options, signal, cache: "no-store" });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Broken();
  }
  if (answer.status >= 500 && answer.status !== 507) throw new Broken();
  return answer;
}

// fetch tells nothing of what it has sent so far, XMLHttpRequest does.
function patch(place, piece, offset, moved, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const end = (act, value) => {
      signal.removeEventListener("abort", stop);
      act(value);
    };
    request.open("PATCH", place);
    const headers = { ...VERSION, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => moved(event.loaded));
    request.addEventListener("load", () => {
      if (request.status === 204) return end(resolve, Number(request.getResponseHeader("Upload-Offset")));
      // Somebody else went on with it, or it is elsewhere by now: ask where, and go on from there.
      if ([409, 423].includes(request.status) || (request.status >= 500 && request.status !== 507)) return end(reject, new Broken());
      let sentence = "The service refused this file. Reload the page and try again.";
      try {
        sentence = JSON.parse(request.responseText).detail;
      } catch {
        // The sentence above has to do.
      }
      return end(reject, new Refused(sentence, request.status));
    });
    request.addEventListener("error", () => end(reject, new Broken()));
    request.addEventListener("abort", () => end(reject, signal.reason));
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    else request.send(piece);
  });
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, seconds * 1000);
    function done() {
      window.removeEventListener("online", done);
      clearTimeout(timer);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    }
    window.addEventListener("online", done, { once: true });
    signal.addEventListener("abort", done, { once: true });
  });
}

function base64(text) {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
