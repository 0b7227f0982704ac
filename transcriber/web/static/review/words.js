// Words of a turn: the page has no element for a word, so each is found by its place between blanks.
// What stands in `.out` is not talk, and is passed over.
const known = new WeakMap(); // a turn that changes is another element
const COUNTED = /^w(\d{6})$/;

export const turnOf = (node) => (node instanceof Element ? node : node?.parentElement)?.closest(".turn") ?? null;
export const idOf = (turn) => turn.id.slice("turn-".length);
export const turnWith = (id) => document.getElementById(`turn-${id}`);
export const startOf = (turn) => Number.parseInt(turn.dataset.t, 10);

// {ids, texts, offsets, starts, ends, nodes, text}: by number in the turn, offsets in `text`, times
// in milliseconds of the recording.
export function wordsOf(turn) {
  if (known.has(turn)) return known.get(turn);
  const nodes = [];
  const walker = document.createTreeWalker(turn.querySelector(".said"), NodeFilter.SHOW_TEXT);
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.className === "out") continue;
    nodes.push({ node, from: text.length });
    text += node.data;
  }
  const texts = text.split(" ");
  const offsets = [];
  let at = 0;
  for (const word of texts) {
    offsets.push(at);
    at += word.length + 1;
  }
  const [first, ...told] = turn.dataset.t.split(" ").map(Number);
  const starts = [first];
  const ends = [first + told[0]];
  for (let place = 1; place < told.length; place += 2) {
    starts.push(ends.at(-1) + told[place]);
    ends.push(starts.at(-1) + told[place + 1]);
  }
  const words = { ids: idsOf(turn, texts.length), texts, offsets, starts, ends, nodes, text };
  known.set(turn, words);
  return words;
}

function idsOf(turn, count) {
  if (turn.dataset.ids) return turn.dataset.ids.split(" ");
  const first = idOf(turn);
  const counted = COUNTED.exec(first);
  if (!counted) return [first];
  const from = Number(counted[1]);
  return Array.from({ length: count }, (_, n) => `w${String(from + n).padStart(6, "0")}`);
}

// The letters of some words of a turn, to be highlighted.
export function rangeOf(turn, first, last) {
  const words = wordsOf(turn);
  const range = document.createRange();
  const [from, to] = [words.offsets[first], words.offsets[last] + words.texts[last].length];
  range.setStart(...placeIn(words, from, false));
  range.setEnd(...placeIn(words, to, true));
  return range;
}

function placeIn(words, offset, isEnd) {
  let found = words.nodes[0];
  for (const each of words.nodes) {
    if (isEnd ? each.from < offset : each.from <= offset) found = each;
    else break;
  }
  return [found.node, Math.min(offset - found.from, found.node.length)];
}

// The number of the word at a place of the page's text.
export function wordAt(turn, node, offset) {
  const words = wordsOf(turn);
  const piece = words.nodes.find((each) => each.node === node);
  if (!piece) {
    const mark = (node instanceof Element ? node : node.parentElement).closest("mark");
    return mark ? Math.max(words.ids.indexOf(mark.dataset.first), 0) : null;
  }
  return numberAt(words.offsets, piece.from + offset);
}

// The last place of a rising list that is not behind a value.
export function numberAt(rising, value) {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}

// The word under a point of the window.
export function wordAtPoint(x, y) {
  const caret = document.caretPositionFromPoint?.(x, y);
  const range = caret ? null : document.caretRangeFromPoint?.(x, y);
  const [node, offset] = caret ? [caret.offsetNode, caret.offset] : [range?.startContainer, range?.startOffset];
  const turn = node && turnOf(node);
  if (!turn?.querySelector(".said").contains(node)) return null;
  const number = wordAt(turn, node, offset);
  return number === null ? null : { turn, number };
}

const LEFT_OUT = "\u2013"; // a word is never empty, because its time stays

// What somebody wrote for some words, word by word, so that each keeps its time. Words that stayed
// stay; of those between, left-out ones become a dash and extra ones join the word before.
export function corrections(before, after) {
  const typed = after.trim() ? after.trim().split(/\s+/u) : [];
  const now = [];
  const early = []; // typed before the first word, which they join
  let [left, right] = [0, 0];
  const steps = common(before, typed);
  for (const [was, is] of [...steps, [before.length, typed.length]]) {
    early.push(...fill(now, before.slice(left, was), typed.slice(right, is)));
    if (was < before.length) now.push([...early.splice(0), typed[is]].join("\u00a0"));
    [left, right] = [was + 1, is + 1];
  }
  return now;
}

function fill(now, were, typed) {
  if (!were.length && typed.length) {
    if (now.length) now[now.length - 1] = [now.at(-1), ...typed].filter(Boolean).join("\u00a0");
    else return typed;
    return [];
  }
  were.forEach((_, number) => {
    const word = number < were.length - 1 ? typed[number] : typed.slice(number).join("\u00a0");
    now.push(word || LEFT_OUT);
  });
  return [];
}

// Pairs of places of a longest common run of words (dynamic programming; turns are short).
function common(one, two) {
  const length = Array.from({ length: one.length + 1 }, () => new Uint16Array(two.length + 1));
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = two.length - 1; j >= 0; j -= 1) {
      length[i][j] = one[i] === two[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < one.length && j < two.length;) {
    if (one[i] === two[j]) pairs.push([i++, j++]);
    else if (length[i + 1][j] >= length[i][j + 1]) i += 1;
    else j += 1;
  }
  return pairs;
}
