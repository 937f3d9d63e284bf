// Text to words, the same way for the book and for what a reader types.

const COMPOUND = /\d[\d.,]*\d(?![-_]?\p{L})|[\p{L}\p{M}\p{N}]+(?:[-\u2010\u2011_'’][\p{L}\p{M}\p{N}]+)*/gu;
const PART = /[^-\u2010\u2011_]+/gu;
const CAMEL = /\p{Lu}?[\p{Ll}\p{M}\p{N}]+|\p{Lu}+(?!\p{Ll})/gu;
const GREEK = { α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", κ: "kappa", λ: "lambda", μ: "mu", ρ: "rho", σ: "sigma", τ: "tau", χ: "chi" };

const STOP = new Set(
  ("a about after all also am an and any are as at be been being but by can could did do does doing for from get gets give got had has have " +
    "having he her his how i if in into is it its just let like make makes me mean means much must my need no nor not of off on one only or our out over " +
    "really shall she should so some such than that the their them then there these they this those to too under up us use used using very vs versus " +
    "was we were what when where which while who whom whose why will with without would you your dont doesnt isnt arent cant im").split(" "),
);

/**
 * A word as it is compared: lower case, no accents, no possessive, Greek letters by name.
 * @param {string} word
 */
export function fold(word) {
  return word
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/['’]s?$|['’]/gu, "")
    .replace(/(?<=\d),(?=\d{3})/g, "")
    .replace(/[α-χ]/g, (letter) => GREEK[letter] ?? letter);
}

/** @param {string} word */
export const isStop = (word) => STOP.has(word);

/**
 * The words of a text with their places. A compound gives its parts and, at the place of the first, the whole:
 * `PR-AUC` gives `pr`, `auc` and `prauc`; `AveragePrecision` gives `average`, `precision` and `averageprecision`.
 * @param {string} text
 * @returns {{word: string, start: number, end: number, whole?: boolean}[]}
 */
export function words(text) {
  const found = [];
  const add = (raw, start, whole) => {
    const word = fold(raw);
    if (word) found.push({ word, start, end: start + raw.length, ...(whole && { whole }) });
  };
  for (const { 0: raw, index } of text.matchAll(COMPOUND)) {
    const compound = raw.replace(/['’]s?$/, "");
    const parts = [];
    for (const part of compound.matchAll(PART)) {
      const camel = /\p{Ll}\p{Lu}/u.test(part[0]) ? [...part[0].matchAll(CAMEL)] : [];
      if (camel.length > 1) for (const piece of camel) parts.push([piece[0], index + part.index + piece.index]);
      else parts.push([part[0], index + part.index]);
    }
    if (parts.length > 1) add(compound.replace(/[-\u2010\u2011_]/g, ""), index, true);
    if (found.length && parts.length > 1) found[found.length - 1].end = index + compound.length;
    for (const [raw, start] of parts) add(raw, start);
  }
  return found;
}

const ENDINGS =
  /(?:i[sz]ations?|i[sz]ers?|i[sz]ed|i[sz]es?|i[sz]ing|ations?|ators?|ating|ated|ates?|ments?|ness|ities|ity|ically|ical|ally|ics?|ings?|ions?|ers?|ors?|ed|ies|es|ly|al|s|e|y)$/;

/**
 * A crude stem: what `calibrate`, `calibrated` and `calibration` share. It only ever adds weaker matches to exact ones,
 * so going too far costs little.
 * @param {string} word folded
 */
export function stem(word) {
  if (word.length < 4 || /\d/.test(word)) return word;
  const plain = word.replace(/(?<=[^s])s$/, "");
  const cut = plain.replace(ENDINGS, "");
  const kept = cut.length >= 4 ? cut : plain.replace(/(?:ing|ed|es|e)$/, (end) => (plain.length - end.length >= 3 ? "" : end));
  return kept.replace(/([^aeiouls])\1$/, "$1");
}

// British endings and their American form. A form counts only when the book has the word, so no exceptions are needed.
const BRITISH = [
  [/is(e[ds]?|ing|ations?|ers?|able)$/, "iz$1"],
  [/ys(e[ds]?|ing|ers?)$/, "yz$1"],
  [/our(s|ed|ing|able|ite|al|ally)?$/, "or$1"],
  [/our(?=[a-z]{2,})/, "or"],
  [/ogue(s?)$/, "og$1"],
  [/(?<=[aeiou])ll(ed|ing|er|ers|ation)$/, "l$1"],
  [/re(s?)$/, "er$1"],
  [/([ei])nce(s?)$/, "$1nse$2"],
  [/practise/, "practice"],
  [/dgement/, "dgment"],
  [/programme/, "program"],
  [/artefact/, "artifact"],
  [/grey/, "gray"],
  [/sceptic/, "skeptic"],
  [/ageing/, "aging"],
  [/cheque/, "check"],
  [/ae/, "e"],
];

/**
 * How else the word may be spelled; British to American.
 * @param {string} word folded
 * @returns {string[]}
 */
export function spellings(word) {
  const found = new Set();
  for (const [pattern, form] of BRITISH) if (pattern.test(word)) found.add(word.replace(pattern, form));
  found.delete(word);
  return [...found];
}

/**
 * Edits between two words (one letter more, less, other, or two swapped), or `most + 1` when there are more.
 * With `prefix`, `other` may go on: `calibrto` is one edit from the beginning of `calibration`.
 * @param {string} word
 * @param {string} other
 * @param {number} most
 * @param {boolean} [prefix]
 */
export function edits(word, other, most, prefix = false) {
  const far = most + 1;
  if (word.length - other.length > most || (!prefix && other.length - word.length > most)) return far;
  const width = Math.min(other.length, word.length + most);
  let before = [];
  let last = Array.from({ length: width + 1 }, (_, j) => j);
  for (let i = 1; i <= word.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= width; j++) {
      const same = word[i - 1] === other[j - 1];
      let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && word[i - 1] === other[j - 2] && word[i - 2] === other[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least > most) return far;
    before = last;
    last = row;
  }
  return Math.min(far, prefix ? Math.min(...last) : last[other.length] ?? far);
}
