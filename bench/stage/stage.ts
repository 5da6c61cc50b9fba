import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findPinnedBinary } from "../../scripts/generate/pinned-binary.js";
import { type BenchClient, type ClientName, startClient } from "./bench-client.js";
import { createHome, type Home, type ModelAnswer } from "./home.js";
import { installOfficialSdk } from "./official-sdk.js";
import { buildPrograms, startProgram } from "./programs.js";

/** The shared parts of all cases: one binary, one model server, and the clients, each in its own process. */
export interface Stage extends AsyncDisposable {
  /** The folder of all files of a run. */
  readonly folder: string;
  /** Starts a client with its own CODEX_HOME. */
  client(name: ClientName, answer?: ModelAnswer): Promise<BenchClient>;
  /** Creates a CODEX_HOME that uses the model server. */
  home(label: string, answer?: ModelAnswer): Promise<Home>;
  readonly codexPath: string;
  readonly codexVersion: string;
  /** The path of the installed official SDK. */
  readonly officialSdk: string;
}

const root = join(import.meta.dirname, "..", "..");

export async function openStage(): Promise<Stage> {
  const folder = join(root, ".tmp", "bench");
  await rm(join(folder, "homes"), { recursive: true, force: true });
  await installOwnPackage(folder);
  const officialSdk = await installOfficialSdk(join(folder, "official"));
  await buildPrograms(join(folder, "programs"));
  const { path: codexPath, version: codexVersion } = findPinnedBinary();
  const model = await startProgram<{ port: number }>("model-server");
  const { port } = await model.call({ op: "listen" });
  let homes = 0;

  const home: Stage["home"] = (label, answer = {}) => {
    homes += 1;
    return createHome(join(folder, "homes", `${homes}-${label}`), { port, answer });
  };

  return {
    folder,
    codexPath,
    codexVersion,
    officialSdk,
    home,
    client: async (name, answer = {}) =>
      startClient(name, { home: await home(name, answer), tools: (answer.calls ?? 0) > 0, codexPath, officialSdk }),
    async [Symbol.asyncDispose]() {
      await model.end();
      await rm(join(folder, "homes"), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Copies the built package into a `node_modules`, so that a build during the run does not change it. */
async function installOwnPackage(folder: string): Promise<void> {
  const installed = join(folder, "node_modules", "codexkit");
  await rm(installed, { recursive: true, force: true });
  await mkdir(installed, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const part of ["package.json", "dist"]) await cp(join(root, part), join(installed, part), { recursive: true });
}
