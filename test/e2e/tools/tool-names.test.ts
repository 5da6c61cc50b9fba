import { expect, test } from "vitest";
import type { ThreadOptions } from "../../../src/index.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/internal/json.js";
import { message, type ModelRequest, respond } from "../../../src/testing/index.js";
import { builtinNamespaces, builtinTools } from "../../../src/tools/check-tool-name.js";
import { tool } from "../../../src/tools/tool.js";
import { openRealCodex } from "../real-codex.js";

// Codex's own tools can change with any version. These tests fail before a host tool is hidden by one of them.
/** Features that add tools and are off by default. */
const features = { executor_capability_discovery_v2: true };

const own = tool({
  name: "codexkit_probe",
  namespace: "codexkit_space",
  description: "A probe.",
  parameters: {
    type: "object",
    description: "All of it.",
    properties: {
      word: { type: "string", description: "A word.", minLength: 2, pattern: "^a" },
      size: { enum: [1, 2] },
      pair: { type: "array", items: [{ type: "number" }, { type: "boolean" }] },
      bag: { type: "array" },
      next: { $ref: "#/$defs/next" },
    },
    required: ["word"],
    $defs: { next: { type: "object", properties: { next: { $ref: "#/$defs/next" } } } },
  },
  execute: () => "never called",
});

async function requestOn(model: string): Promise<ModelRequest> {
  const [request] = await requestsOn([{ model }]);
  if (request === undefined) expect.fail("the model was not asked");
  return request;
}

/** Returns the first model request of a thread with each of these options. */
async function requestsOn(threads: readonly ThreadOptions[]): Promise<readonly ModelRequest[]> {
  await using real = await openRealCodex(
    "app-server",
    threads.map(() => respond(message("ok"))),
  );
  for (const options of threads)
    await real.codex.startThread({ ...real.thread, ...options, tools: [own] }).run("Say ok");
  return real.model.requests;
}

/** Every tool of a request; the default model has them in an item of the input. */
function toolsIn({ tools, input }: ModelRequest): readonly JsonObject[] {
  return [
    ...tools,
    ...input.filter(({ type }) => type === "additional_tools").flatMap((item) => objectsIn(item["tools"])),
  ];
}

function objectsIn(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The default model's tools are listed in the description of `exec`. */
function nestedNames({ description }: JsonObject): readonly string[] {
  return typeof description === "string"
    ? [...description.matchAll(/^### `(.+)`$/gm)].map(([, name = ""]) => name)
    : [];
}

test("[A2.0] [A7.1] tool() rejects every name of codex's own tools on every model, with all features", async () => {
  const models = [...(await listModels()), "a-model-codex-does-not-know"];
  expect(models.length).toBeGreaterThan(3);
  const requests = await requestsOn(models.flatMap((model) => [{ model }, { model, config: { features } }]));
  const spacesSeen = new Set<unknown>();
  for (const request of requests) {
    const tools = toolsIn(request);
    const spaces = tools.filter(({ type, name }) => type === "namespace" && name !== "functions");
    const plain = tools.flatMap((each) => (each["name"] === "functions" ? objectsIn(each["tools"]) : [each]));
    const names = plain
      .filter(({ type }) => type === "function" || type === "custom")
      .flatMap((each) => [each["name"], ...nestedNames(each)]);
    expect(names.length).toBeGreaterThan(4);
    const free = names.filter((name) => typeof name === "string" && !builtinTools.has(name) && !isInBuiltinSpace(name));
    expect(free.filter((name) => name !== "codexkit_space__codexkit_probe")).toEqual([]);
    for (const { name } of spaces) spacesSeen.add(name);
    for (const name of names.map(String)) if (name.includes("__")) spacesSeen.add(name.split("__")[0]);
  }
  expect([...spacesSeen].filter((name) => !builtinNamespaces.has(String(name)))).toEqual(["codexkit_space"]);
  expect(spacesSeen).toContain("skills");
}, 60_000);

async function listModels(): Promise<readonly string[]> {
  await using real = await openRealCodex("app-server", []);
  const { data } = await real.codex.appServer.request("model/list", {});
  return data.map(({ model }) => model);
}

function isInBuiltinSpace(name: string): boolean {
  return [...builtinNamespaces].some((space) => name.startsWith(`${space}__`));
}

test("[A2.0] a tool's schema keeps its meaning, and its descriptions cover the parts that codex removes", async () => {
  const space = toolsIn(await requestOn("gpt-5.5")).find(({ name }) => name === "codexkit_space");
  const [probe] = objectsIn(space?.["tools"]);
  expect(probe).toMatchObject({ name: "codexkit_probe", description: "A probe." });
  expect(probe?.["parameters"]).toEqual({
    type: "object",
    description: "All of it.",
    properties: {
      word: { type: "string", description: 'A word. (minLength: 2, pattern: "^a")' },
      size: { type: "number", enum: [1, 2] },
      pair: { type: "array", items: { anyOf: [{ type: "number" }, { type: "boolean" }] } },
      bag: { type: "array", items: {} },
      next: { $ref: "#/$defs/next" },
    },
    required: ["word"],
    $defs: { next: { type: "object", properties: { next: { $ref: "#/$defs/next" } } } },
  });
});
