// Off the page's thread: fetches the index, then answers queries, in the messages of Material's own worker.
import { Engine } from "./engine.mjs";

const READY = 1;
const QUERY = 2;
const RESULT = 3;

let engine;

async function load() {
  try {
    const answer = await fetch(new URL("../../search/search_index.json", self.location));
    if (!answer.ok) throw new Error(`the index answers ${answer.status}`);
    const { docs, synonyms } = await answer.json();
    engine = new Engine(docs, synonyms);
    postMessage({ type: READY });
  } catch (error) {
    postMessage({ type: "failed", data: String(error) });
  }
}

addEventListener("message", ({ data: message }) => {
  if (message.type !== QUERY || !engine) return;
  let data = { items: [], suggest: [] };
  try {
    data = engine.search(String(message.data));
  } catch (error) {
    console.error(error);
  }
  postMessage({ type: RESULT, data });
});

load();
