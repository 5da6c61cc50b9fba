#!/usr/bin/env node
// Stands in for `codex app-server`. It behaves well, except for the one behaviour that HOSTILE names: the behaviour and
// its
// arguments, separated by spaces ("silent turn/start", "die amid SIGKILL"). With HOSTILE_HOLD a turn runs until it is
// interrupted, unless its input contains "again"; with HOSTILE_ONCE only the first process of the case is hostile or holds its turn.
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { behaviours } from "./behaviours.mjs";
import { Server } from "./server.mjs";

const env = process.env;

if (process.argv[2] === "--version") process.stdout.write("codex-cli 0.169.0\n");
else if (process.argv[2] !== "app-server") process.exitCode = 2;
else if (env["HOSTILE_ONCE"] !== undefined && !isFirst()) new Server({}).run();
else new Server(hooks(), { holds: env["HOSTILE_HOLD"] !== undefined }).run();

/** @returns {import("./server.mjs").Hooks} */
function hooks() {
  const [name = "", ...args] = (env["HOSTILE"] ?? "").split(" ");
  const behaviour = behaviours[name];
  if (name !== "" && behaviour === undefined) throw new Error(`There is no behaviour ${name}.`);
  return behaviour?.(...args) ?? {};
}

function isFirst() {
  try {
    closeSync(openSync(join(env["CODEXKIT_CASE_FOLDER"] ?? ".", "first-process"), "wx"));
    return true;
  } catch {
    return false;
  }
}
