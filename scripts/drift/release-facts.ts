import { isJsonObject } from "../../src/internal/json.js";
import type { JsonObject, JsonValue } from "../../src/protocol/index.js";
import { message, type ModelRequest, repeat, respond } from "../../src/testing/index.js";
import type { Binary } from "../conformance/binary.js";
import { oldModel, openStage } from "../conformance/stage.js";
import { scratchFolder } from "../house/scratch-folder.js";

/** The models, features and tools of a release, with their states. */
export type ReleaseFacts = Readonly<Record<"model" | "feature" | "tool", ReadonlyMap<string, string>>>;

/** Asks a binary for its models and features, and reads the tools that it offers to each model. */
export async function readReleaseFacts({ path, version }: Binary): Promise<ReleaseFacts> {
  const probe = { id: "facts", feature: "facts", model: () => [repeat(respond(message("ok")))] } as const;
  const folder = scratchFolder("drift", `${process.pid}-facts-${version}`);
  await using stage = await openStage(
    { id: "facts", transport: "app-server", probe: { ...probe, play: () => Promise.resolve(), expected: null } },
    { folder, codexPath: path, signal: AbortSignal.timeout(120_000) },
  );
  const { appServer } = stage.codex;
  const { data } = await appServer.request("model/list", {});
  const features = await appServer.request("experimentalFeature/list", { limit: 500 });
  const models = [...data.map(({ model }) => model), oldModel, "a-model-codex-does-not-know"];
  for (const model of models) await stage.thread({ model, ephemeral: true }).run("Say ok");
  return {
    model: new Map(data.map(({ model, isDefault }) => [model, isDefault ? "default" : ""])),
    feature: new Map(
      features.data.map(({ name, stage: state, enabled }) => [name, `${state}${enabled ? ", on" : ""}`]),
    ),
    tool: new Map(stage.model.requests.flatMap(toolsIn).map((name) => [name, ""])),
  };
}

/** The names of the tools in a request. Some models have them in an item of the input. */
function toolsIn({ tools, input }: ModelRequest): string[] {
  const items = input.filter(({ type }) => type === "additional_tools").flatMap((item) => objectsIn(item["tools"]));
  return [...tools, ...items].flatMap(({ name, type }) => {
    if (typeof name === "string") return [name];
    return typeof type === "string" ? [type] : [];
  });
}

function objectsIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
