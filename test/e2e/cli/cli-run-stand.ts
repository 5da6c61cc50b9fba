import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "smol-toml";
import { createScriptedModel, type ScriptedModel, type ScriptEntry } from "../../../src/testing/index.js";
import { type CliPlace, type CliRun, createCliPlace, endOf, spawnCli, type StartOptions } from "./cli-process.js";

/** `codexkit run` with a CODEX_HOME that configures the scripted model as the provider. */
export interface RunStand extends AsyncDisposable {
  readonly model: ScriptedModel;
  readonly place: CliPlace;
  /** The variables of the command that belong to the stand. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts `codexkit run` with these arguments. */
  start(args: readonly string[], options?: StartOptions): ChildProcess;
  /** Runs it to its end. */
  run(args: readonly string[], options?: StartOptions): Promise<CliRun>;
}

export interface RunStandOptions {
  /** Overrides of the provider's settings; undefined removes a setting. */
  readonly provider?: Readonly<Record<string, boolean | string | undefined>>;
  readonly acceptKeys?: Readonly<Record<string, string>>;
}

export async function openRunStand(steps: readonly ScriptEntry[], options: RunStandOptions = {}): Promise<RunStand> {
  const { provider = {}, acceptKeys = {} } = options;
  const model = await createScriptedModel(steps, { strict: false, acceptKeys });
  const place = createCliPlace();
  const { config, env } = model.codexOptions({ codexHome: place.codexHome });
  const providers = config["model_providers"];
  const scripted = typeof providers === "object" && "scripted" in providers ? providers["scripted"] : undefined;
  const own = Object.fromEntries([...Object.entries(scripted ?? {}), ...Object.entries(provider)]);
  const toml = stringify({ ...config, model: "gpt-5.5", model_providers: { scripted: own } });
  writeFileSync(join(place.codexHome, "config.toml"), toml);
  const start = (args: readonly string[], given: StartOptions = {}): ChildProcess =>
    spawnCli(["run", ...args], place, { ...given, env: { ...tokenOf(env), ...given.env } });
  return {
    model,
    place,
    // Login files of the user could delay or change a command.
    env: { ...tokenOf(env), CODEX_HOME: place.codexHome, HOME: place.codexHome },
    start,
    run: (args, given) => endOf(start(args, given)),
    [Symbol.asyncDispose]: () => model.close(),
  };
}

/** Returns the variable of the provider's key, without the rest of the model's environment. */
function tokenOf(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.endsWith("_TOKEN")));
}
