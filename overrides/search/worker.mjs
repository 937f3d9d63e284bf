// Off the page's thread: fetches the index, then answers queries, in the messages of Material's own worker.
import { serve } from "./serve.mjs";

async function load() {
  const answer = await fetch(new URL("../../search/search_index.json", self.location));
  if (!answer.ok) throw new Error(`the index answers ${answer.status}`);
  return answer.json();
}

const hear = serve(load, (message) => postMessage(message));
addEventListener("message", ({ data: message }) => hear(message));
