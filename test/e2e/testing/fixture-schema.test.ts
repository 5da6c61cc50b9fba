import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { definitionOf, type JsonSchema, resolveSchema } from "../../../scripts/generate/json-schema.js";
import { readProtocolSource } from "../../../scripts/generate/protocol-source.js";
import { readMethods } from "../../../scripts/generate/read-methods.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/internal/json.js";
import { execEventShapes, execItems, execUsageShape } from "../../../src/protocol/exec/exec-wire.js";
import { createScratchFolder } from "../../unit/process/scratch-folder.js";
import { readResults, readWireFixtures, textOf, toObject } from "../../unit/protocol/wire-fixtures.js";

const fixtures = readWireFixtures();

/** Two times of every item, which codex 0.169.0 writes but its schema omits. */
const writtenWithoutSchema = /\bitems?\.(?:startedAtMs|completedAtMs)$/;

describe("the recordings", () => {
  test("[A0.2] of the app-server contain no method and no field outside its schema", () => {
    const find = readSchemas();
    const messages = fixtures
      .filter(({ wire }) => wire === "app-server")
      .flatMap(({ lines }) => lines.map(toObject))
      .map((message) => ({ place: textOf(message, "method"), schema: find.params, value: message["params"] }));
    const results = readResults().map((message) => ({
      place: textOf(message, "method"),
      schema: find.result,
      value: message["result"],
    }));
    expect(messages.length).toBeGreaterThan(500);
    expect(results.length).toBeGreaterThan(100);
    const strangers = [...messages, ...results].flatMap(({ place, schema, value }) =>
      find.strangers(schema(place), value, place),
    );
    expect([...new Set(strangers)].filter((path) => !writtenWithoutSchema.test(path))).toEqual([]);
  });

  test("[A0.2] the check finds unknown methods and fields at every depth", () => {
    const { params, strangers } = readSchemas();
    const turn = { id: "1", items: [{ type: "agentMessage", id: "2", text: "x", later: 1 }], status: "completed" };
    expect(strangers(params("turn/completed"), { threadId: "1", turn }, "it")).toEqual(["it.turn.items.later"]);
    expect(strangers(params("turn/later"), {}, "it")).toEqual(["it: no such method"]);
  });

  test("[A0.2] of exec contain no event, item or field outside the list", () => {
    const lines = fixtures.filter(({ wire }) => wire === "exec").flatMap((fixture) => fixture.lines.map(toObject));
    expect(lines.length).toBeGreaterThan(150);
    expect([...new Set(lines.flatMap(strangersOfExec))]).toEqual([]);
    expect(strangersOfExec({ type: "turn.later" })).toEqual(["turn.later"]);
    expect(strangersOfExec({ type: "turn.started", later: 1 })).toEqual(["turn.started.later"]);
  });

  test("[A0.2] every file contains processes with their arguments and their input", () => {
    for (const { name, recording } of fixtures) {
      expect(recording.codexVersion, name).toBe(name.split("/")[0]);
      expect(recording.processes.length, name).toBeGreaterThan(0);
      for (const { start, entries } of recording.processes) {
        expect(["exec", "app-server"], name).toContain(start.argv[0]);
        expect(start.pid, name).toBeGreaterThan(0);
        expect(
          entries.map(({ type }) => type),
          name,
        ).toEqual(expect.arrayContaining(["stdin", "stdout"]));
      }
    }
  });
});

function readSchemas() {
  const source = readProtocolSource(join(createScratchFolder(), "protocol"));
  const { definitions } = source;
  const { client, notifications, server } = readMethods(source);
  const byMethod = (methods: readonly { readonly name: string; readonly params: string }[], method: string) =>
    methods.find(({ name }) => name === method)?.params.split(" ")[0];
  const schemaOf = (name: string | undefined): JsonSchema | undefined =>
    name === undefined ? undefined : (definitionOf(definitions, name) ?? source.standalone.get(name));
  return {
    params: (method: string) => schemaOf(byMethod([...notifications, ...server], method)),
    result: (method: string) => schemaOf(client.find(({ name }) => name === method)?.result),
    strangers: (schema: JsonSchema | undefined, value: JsonValue | undefined, place: string): string[] =>
      schema === undefined ? [`${place}: no such method`] : strangersOf(schema, value ?? null, place),
  };

  /** Returns the paths of keys outside the schema. With several branches the best match counts. */
  function strangersOf(given: JsonSchema | true, value: JsonValue, place: string): string[] {
    if (given === true) return [];
    const { schema } = resolveSchema(definitions, given);
    const branches = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
    if (branches.length > 0) {
      const found = branches.filter((branch) => fits(branch, value)).map((branch) => strangersOf(branch, value, place));
      return found.sort((a, b) => a.length - b.length)[0] ?? [`${place}: no branch`];
    }
    if (Array.isArray(value)) return value.flatMap((part: JsonValue) => strangersOf(schema.items ?? true, part, place));
    if (!isJsonObject(value)) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
      const known = schema.properties?.[key];
      if (known !== undefined) return strangersOf(known, inner ?? null, `${place}.${key}`);
      const others = schema.additionalProperties;
      if (others === undefined || others === false) return schema.properties === undefined ? [] : [`${place}.${key}`];
      return strangersOf(others, inner ?? null, `${place}.${key}`);
    });
  }

  /** Returns true if a branch fits the value by type, constants and required keys. */
  function fits(given: JsonSchema, value: JsonValue): boolean {
    const { schema } = resolveSchema(definitions, given);
    if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
    const kinds = schema.type === undefined ? null : [schema.type].flat();
    if (kinds !== null && !kinds.includes(kindOf(value)) && !(kinds.includes("integer") && typeof value === "number"))
      return false;
    if (!isJsonObject(value)) return true;
    if ((schema.required ?? []).some((key) => !(key in value))) return false;
    return Object.entries(schema.properties ?? {}).every(([key, inner]) => {
      const constants = inner === true ? undefined : inner.enum;
      return constants === undefined || value[key] === undefined || constants.includes(value[key]);
    });
  }
}

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

const execEvents: Readonly<Record<string, string>> = execEventShapes;

function strangersOfExec({ type, ...rest }: JsonObject): string[] {
  const name = textOf({ type }, "type");
  const shape = execEvents[name];
  if (shape === undefined) return [name];
  const { item, usage } = rest;
  return [
    ...unknownKeys(shape, rest, name),
    ...(isJsonObject(item) ? strangersOfItem(item) : []),
    ...(isJsonObject(usage) ? unknownKeys(execUsageShape, usage, "usage") : []),
  ];
}

function strangersOfItem({ type, ...rest }: JsonObject): string[] {
  const name = textOf({ type }, "type");
  const known = execItems[name];
  return known === undefined ? [`item ${name}`] : unknownKeys(known.shape, rest, name);
}

function unknownKeys(shape: string, value: JsonObject, place: string): string[] {
  const keys = shape.split(" ").map((field) => field.split(/\??:/)[0]);
  return Object.keys(value).flatMap((key) => (keys.includes(key) ? [] : [`${place}.${key}`]));
}
