// The host program of host-death.test.ts. It runs one turn and does not close its client. Its set-up comes from the
// environment, as JSON. On SIGUSR2 it ends as the set-up requires, otherwise with its turn.
/** @import { CodexOptions, ThreadStartOptions } from "../../../src/index.js" */

/**
 * @typedef {object} HostSetup
 * @property {CodexOptions} codex
 * @property {ThreadStartOptions} thread
 * @property {"exit" | "throw" | null} byItself
 */

/** @type {typeof import("../../../src/index.js")} */
const { Codex } = await import(new URL("../../../dist/index.js", import.meta.url).href);
/** @type {HostSetup} */
const setup = JSON.parse(process.env["DYING_HOST_SETUP"] ?? "{}");

process.once("SIGUSR2", () => {
  if (setup.byItself === "exit") process.exit(3);
  throw new Error("the host's own failure");
});

const codex = new Codex(setup.codex);
const outputSchema = { type: "object", properties: {}, required: [], additionalProperties: false };
const { finalResponse } = await codex.startThread(setup.thread).run("Make a family", { outputSchema });
console.log(finalResponse);
