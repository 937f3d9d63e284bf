// The talk between Material's dialog and the engine, wherever the engine runs: in a worker, or in the page of a copy on disk.
import { Engine } from "./engine.mjs";

const READY = 1;
const QUERY = 2;
export const RESULT = 3;

/**
 * Loads the index, says that it is ready, and returns what hears the messages of Material's own worker.
 * @param {() => Promise<{docs: import("./engine.mjs").Doc[], synonyms: import("./engine.mjs").Synonyms}>} load
 * @param {(message: {type: number | string, data?: any}) => void} say
 */
export function serve(load, say) {
  let engine;
  load().then(({ docs, synonyms }) => {
    engine = new Engine(docs, synonyms);
    say({ type: READY });
  }).catch((error) => say({ type: "failed", data: String(error) }));

  return (message) => {
    if (message.type !== QUERY || !engine) return;
    let data = { items: [], suggest: [] };
    try {
      data = engine.search(String(message.data));
    } catch (error) {
      console.error(error);
    }
    say({ type: RESULT, data });
  };
}
