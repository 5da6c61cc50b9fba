// A hook of Node's module loader that prints the URL of every loaded file on its own line.
import { writeSync } from "node:fs";

/** @type {import("node:module").LoadHook} */
export async function load(url, context, nextLoad) {
  if (url.startsWith("file:")) writeSync(1, `${url}\n`);
  return nextLoad(url, context);
}
