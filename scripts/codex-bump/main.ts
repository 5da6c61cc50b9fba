// `npm run codex:bump -- <version>`: moves the pin to a version of codex. `-- --help` lists the options.
import { spawn } from "node:child_process";
import { root } from "../house/read-files.js";
import { bump, type RunStep } from "./bump.js";

const run: RunStep = ({ command: [program, ...args] }) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(String(chunk)));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output: chunks.join("") }));
  });

process.exitCode = await bump(process.argv.slice(2), { out: (text) => void process.stdout.write(text), run });
