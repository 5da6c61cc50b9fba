import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CodexOptions } from "../../../src/index.js";
import { message, repeat, respond, shell } from "../../../src/testing/index.js";
import { observe } from "../observe.js";
import type { Probe } from "../probe.js";
import type { ProbeStage } from "../stage.js";

const apiKey = "sk-probe-0123456789abcdefghijklmnop";
const config = { features: { plugins: false, apps: false } };
const withKey = (stage: ProbeStage): CodexOptions => ({ apiKey, baseUrl: stage.model.baseUrl, config });

/** Returns the files below a folder that contain the key. */
async function filesWithKey(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => ((await readFile(join(parentPath, name))).includes(apiKey) ? [name] : []));
  return (await Promise.all(texts)).flat();
}

/** Keys, and the provider of the model. */
export const keyProbes: readonly Probe[] = [
  {
    id: "api-key.turn",
    feature: "apiKey",
    freshHome: true,
    acceptKeys: { probe: apiKey },
    model: () => [respond(message("Hello."))],
    play: async (stage) => {
      await stage.client(withKey(stage)).startThread(stage.threadOptions()).run("Say hello");
      return stage.model.requests[0]?.key;
    },
    expected: "probe",
  },
  {
    id: "api-key.hidden",
    feature: "apiKey hidden from commands, files and arguments",
    since: { exec: "0.158.0" },
    freshHome: true,
    acceptKeys: { probe: apiKey },
    model: () => [respond(shell("env; ps axww -o args", { callId: "call" })), respond(message("Done."))],
    play: async (stage) => {
      const codex = stage.client(withKey(stage));
      const seen = await observe(codex.startThread(stage.threadOptions()).runStreamed("Print"));
      const output = stage.model.requests[1]?.output("call") ?? "";
      const events = JSON.stringify(seen.events).includes(apiKey);
      return {
        ran: output.includes("PATH="),
        shown: output.includes(apiKey),
        events,
        files: await filesWithKey(stage.home),
      };
    },
    expected: { ran: true, shown: false, events: false, files: [] },
  },
  {
    id: "api-key.wrong",
    feature: "apiKey",
    freshHome: true,
    model: () => [],
    play: async (stage) => {
      const seen = await observe(
        stage.client(withKey(stage)).startThread(stage.threadOptions()).runStreamed("Say hello"),
      );
      return { code: seen.error?.code, shown: seen.error?.message.includes(apiKey) };
    },
    expected: { code: "TURN_FAILED", shown: false },
  },
  {
    id: "start.two-at-once",
    feature: "two starts at once in a fresh CODEX_HOME",
    transports: ["app-server"],
    since: "0.168.0",
    freshHome: true,
    play: async (stage) => {
      const start = async (index: number): Promise<string> => {
        const home = join(stage.home, String(index >> 1));
        const codex = stage.client({ ...withKey(stage), env: { ...stage.env, CODEX_HOME: home } });
        return codex.ready().then(
          () => "started",
          (error: unknown) => String(error),
        );
      };
      for (const name of ["0", "1", "2", "3"]) await mkdir(join(stage.home, name));
      const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => start(index)));
      return outcomes.filter((outcome) => outcome !== "started");
    },
    expected: [],
  },
  {
    id: "provider.in-config",
    feature: "model provider in `config`",
    except: [["0.166.0", "0.168.0"]],
    freshHome: true,
    model: () => [respond(message("Hello."))],
    play: async (stage) => {
      const codex = stage.client(stage.model.codexOptions({ codexHome: stage.home }));
      return observe(codex.startThread(stage.threadOptions()).runStreamed("Say hello"));
    },
    expected: { finalResponse: "Hello.", error: null },
  },
  {
    id: "provider.in-config-overrides",
    feature: "model provider in `configOverrides`",
    transports: ["app-server"],
    freshHome: true,
    model: () => [repeat(respond(message("Hello.")))],
    play: async (stage) => {
      const { env } = stage.model.codexOptions({ codexHome: stage.home });
      const key = Object.keys(env).find((name) => name.endsWith("_TOKEN")) ?? "";
      const provider = `{ name = "scripted", base_url = "${stage.model.baseUrl}", env_key = "${key}" }`;
      const configOverrides = [`model_provider="scripted"`, `model_providers.scripted=${provider}`];
      const codex = stage.client({ configOverrides, env });
      return observe(codex.startThread(stage.threadOptions()).runStreamed("Say hello"));
    },
    expected: { finalResponse: "Hello.", error: null },
  },
];
