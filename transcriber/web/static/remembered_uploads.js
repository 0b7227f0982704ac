// Where uploads began, so that they go on after a reload. A file is remembered by a hash of its name,
// size and date: what it is called is written nowhere.
const PREFIX = "upload ";
const DAY_MS = 24 * 60 * 60 * 1000;

export async function fingerprint(file, study) {
  const told = JSON.stringify([study, file.name, file.size, file.lastModified]);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(told));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function placeOf(print) {
  return read(PREFIX + print)?.place ?? null;
}

export function remember(print, place) {
  localStorage.setItem(PREFIX + print, JSON.stringify({ place, at: Date.now() }));
}

export function forget(print) {
  localStorage.removeItem(PREFIX + print);
}

// How many uploads to `uploads` were begun and not finished; those of other days are forgotten.
export function unfinished(uploads) {
  let count = 0;
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const kept = read(key);
    if (!kept || Date.now() - kept.at > DAY_MS) localStorage.removeItem(key);
    else if (kept.place.startsWith(`${uploads}/`)) count += 1;
  }
  return count;
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}
