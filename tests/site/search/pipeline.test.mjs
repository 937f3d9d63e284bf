// Input → output of search, without a browser: `python -m handbook.node` has brought Node.
import assert from "node:assert/strict";
import test from "node:test";
import { Engine } from "../../../overrides/search/engine.mjs";
import { edits, fold, spellings, stem, words } from "../../../overrides/search/words.mjs";

const texts = (text) => words(text).map((w) => w.word);

test("a compound gives its parts and the whole", () => {
  assert.deepEqual(texts("PR-AUC"), ["prauc", "pr", "auc"]);
  assert.deepEqual(texts("expected_calibration_error").slice(1), ["expected", "calibration", "error"]);
  assert.deepEqual(texts("AveragePrecision").slice(1), ["average", "precision"]);
  assert.deepEqual(texts("LLMs 1,000,000 0.97 p95 24-of-25").filter((w) => w !== "24of25"), ["llms", "1000000", "0.97", "p95", "24", "of", "25"]);
});

test("a word's place is where it stands", () => {
  for (const { word, start, end, whole } of words("The McNemar’s test, α = 0.05")) {
    if (!whole) assert.equal(fold("The McNemar’s test, α = 0.05".slice(start, end)), word);
  }
});

test("case, accents, possessives and Greek letters do not matter", () => {
  assert.equal(fold("Éclair’s"), "eclair");
  assert.equal(fold("Cohen's"), "cohen");
  assert.equal(fold("β"), "beta");
});

test("British spellings have their American form", () => {
  const pairs = { normalised: "normalized", optimisation: "optimization", behavioural: "behavioral", labelled: "labeled", catalogue: "catalog", centre: "center", licence: "license", defence: "defense", analyse: "analyze", judgement: "judgment", programme: "program", artefact: "artifact", modelling: "modeling" };
  for (const [british, american] of Object.entries(pairs)) assert.ok(spellings(british).includes(american), british);
});

test("a family has one stem", () => {
  for (const family of [["calibrate", "calibrated", "calibration", "calibrating"], ["threshold", "thresholds"], ["rank", "ranked", "ranking"], ["label", "labels", "labeled", "labeling"]])
    assert.equal(new Set(family.map(stem)).size, 1, family.join());
});

test("edits count letters more, less, other and swapped", () => {
  assert.equal(edits("calibraton", "calibration", 2), 1);
  assert.equal(edits("gaurdrail", "guardrail", 2), 1);
  assert.equal(edits("interlevi", "interleaving", 2, true), 1);
  assert.equal(edits("apple", "orange", 2), 3);
});

const docs = [
  { location: "a/", title: "Errors", text: "What an error costs, in this form." },
  { location: "a/#ece", title: "One number", text: "The expected calibration error, for a model < 0.1 & <b>more</b>." },
  { location: "a/#join", title: "Known by then", text: "An as-of join keeps what was known. Behavior of thresholds." },
  { location: "b/", title: "Calibration", text: "Calibration of thresholds." },
  { location: "b/#formula", title: "Its formula", text: "Written out." },
  { location: "b/#sources", title: "Sources", text: "Calibration calibration calibration thresholds." },
];
const engine = new Engine(docs, { same: [["expected calibration error", "ECE"]], near: [["as-of join", "time travel"]] });
const found = (query) => engine.rank(query).hits.map(({ doc }) => docs[doc].location);

test("names of one thing are one thing", () => assert.equal(found("ece")[0], "a/#ece"));
test("what is near is found too", () => assert.equal(found("time travel")[0], "a/#join"));
test("hyphens may be there or not", () => {
  for (const query of ["as of join", "as-of join", "asof join"]) assert.equal(found(query)[0], "a/#join", query);
});
test("a typing error is forgiven, and said", () => {
  assert.equal(found("calibratoin")[0], "b/");
  assert.deepEqual(engine.search("calibratoin").fixed, ["calibration"]);
});
test("a word that exists is not corrected", () => assert.equal(engine.search("error").fixed, undefined));
test("the last word may still be going on, until a space says that it ends", () => {
  assert.ok(["a/#join", "b/"].includes(found("thresh")[0]));
  assert.deepEqual(found("form").sort(), ["a/", "b/#formula"]);
  assert.deepEqual(found("form "), ["a/"]);
});
test("sources come last", () => assert.equal(found("calibration").at(-1), "b/#sources"));
test("signs and quotes", () => {
  assert.ok(!found("calibration -expected").includes("a/#ece"));
  assert.deepEqual(found('"calibration error"'), ["a/#ece"]);
  assert.deepEqual(found('"error calibration"'), []);
  assert.deepEqual(found("+join calibration"), ["a/#join"]);
});
test("text is escaped, matches are marked", () => {
  const [[item]] = engine.search("calibration error").items;
  assert.match(item.text, /<mark>expected calibration error<\/mark>|<mark>calibration<\/mark>/);
  assert.match(item.text, /&lt; 0.1 &amp; &lt;b&gt;/);
});
test("a page is in its group, and nothing breaks on nonsense", () => {
  for (const group of engine.search("ece").items) assert.ok(group.some(({ location }) => !location.includes("#")));
  for (const query of ["", " ", "+", '"', "\\", "🙂", "x".repeat(5000), "the", "-a", "__proto__"]) assert.ok(Array.isArray(engine.search(query).items));
});
