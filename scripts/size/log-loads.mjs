// Hooks of Node's module loader: writes the URL of every file that is loaded on a line of its own.
import { writeSync } from "node:fs";

/** @type {import("node:module").LoadHook} */
export async function load(url, context, nextLoad) {
  if (url.startsWith("file:")) writeSync(1, `${url}\n`);
  return nextLoad(url, context);
}
