import * as answers from "./answers.mjs";
import * as deaths from "./deaths.mjs";
import * as pipes from "./pipes.mjs";
import * as requests from "./requests.mjs";
import * as turns from "./turns.mjs";

/**
 * All hostile behaviours of the server, by name.
 * @type {Readonly<Record<string, (...args: string[]) => import("./server.mjs").Hooks>>}
 */
export const behaviours = { ...answers, ...deaths, ...pipes, ...requests, ...turns };
