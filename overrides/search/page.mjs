// In the page, for the copy that is opened from a folder: there browsers start no worker and fetch nothing, so the index
// is a script that assigns. `search.js` loads this script on first use and calls `handbookSearch`.
import { RESULT, serve } from "./serve.mjs";

const index = new URL("../../search/search_index.js", document.currentScript.src);

const load = () => new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = index;
  script.onload = () => resolve(self.handbookIndex);
  script.onerror = () => reject(new Error("the index is not there"));
  document.head.append(script);
});

/** `chapters/metrics/#cost` → `chapters/metrics/index.html#cost`: in a folder no server adds the file's name. */
const file = (location) => location.replace(/(^|\/)(?=#|$)/, "$1index.html");

self.handbookSearch = (say) => serve(load, (message) => {
  if (message.type === RESULT) for (const item of message.data.items.flat()) item.location = file(item.location);
  say(message);
});
