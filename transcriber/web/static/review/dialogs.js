// Questions in dialogs; each answers with what was given, or null where somebody left it.
const byId = (id) => document.getElementById(id);

function answered(dialog) {
  return new Promise((done) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

export async function written({ title, label, hint, yes, text = "" }) {
  byId("write-title").textContent = title;
  byId("write-label").textContent = label;
  byId("write-hint").textContent = hint;
  byId("write-yes").textContent = yes;
  byId("write-text").value = text;
  const isGiven = await answered(byId("write"));
  return isGiven ? byId("write-text").value.trim() : null;
}

export function isSure({ title, text, yes }) {
  byId("sure-title").textContent = title;
  byId("sure-text").textContent = text;
  byId("sure-yes").textContent = yes;
  return answered(byId("sure"));
}

// What a mark is and what stands for it: {type, replacement, reach}.
export async function changed(types, { type, replacement, said }) {
  byId("change-of").textContent = `“${said}”`;
  const select = byId("change-type");
  if (!select.options.length) {
    for (const [value, told] of Object.entries(types)) select.add(new Option(told, value));
  }
  select.value = type;
  byId("change-out").value = replacement;
  byId("change").querySelector("[name=for]").checked = true;
  if (!(await answered(byId("change")))) return null;
  const reach = byId("change").querySelector("[name=for]:checked").value;
  return { type: select.value, replacement: byId("change-out").value.trim(), reach };
}

const [NEW, UNKNOWN, SEVERAL] = ["+", "UNK", "SEVERAL"];

// Who speaks: {to, reach}, where `to` is a voice, or a label that is new.
export async function spoken(voices, { speaker, label, hasWords }) {
  const select = byId("voice-to");
  select.replaceChildren(
    ...voices.filter(({ id }) => id !== speaker && id !== SEVERAL).map(({ id, label: told }) => new Option(told, id)),
    new Option("nobody knows who (UNK)", UNKNOWN),
    new Option("[several voices]", SEVERAL),
    new Option("another voice", NEW),
  );
  byId("voice-of").textContent = `Now it is ${label}.`;
  byId("voice-new").value = "";
  const reaches = byId("voice").querySelectorAll("[name=reach]");
  for (const reach of reaches) {
    if (["words", "rest"].includes(reach.value)) reach.disabled = !hasWords;
    reach.checked = reach.value === (hasWords ? "words" : "turn");
  }
  const fields = () => {
    const isRenaming = byId("voice").querySelector("[name=reach]:checked").value === "rename";
    const isNew = isRenaming || select.value === NEW;
    select.disabled = isRenaming;
    byId("voice-new-field").hidden = !isNew;
    byId("voice-new").required = isNew;
  };
  select.onchange = fields;
  byId("voice").onchange = fields;
  fields();
  if (!(await answered(byId("voice")))) return null;
  const reach = byId("voice").querySelector("[name=reach]:checked").value;
  const typed = byId("voice-new").value.trim();
  return { to: byId("voice-new-field").hidden ? select.value : typed, reach };
}
