// The files of a drop, those in its folders too, in the order of their names.
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return seen([...transfer.files]);
  const found = [];
  for (const entry of entries) await collect(entry, found);
  return seen(found);
}

// Without what systems hide in folders, such as .DS_Store; "Part 2" comes before "Part 10".
export function seen(files) {
  return files
    .filter((file) => !file.name.startsWith("."))
    .sort((a, b) => a.name.localeCompare(b.name, "en-GB", { numeric: true }));
}

async function collect(entry, found) {
  if (entry.isFile) {
    found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // It gives a hundred at a time.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const each of some) await collect(each, found);
  }
}
