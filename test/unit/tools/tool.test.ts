import { type } from "arktype";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { OptionError } from "../../../src/errors/option-error.js";
import { tool } from "../../../src/tools/tool.js";

const base = { description: "Does it.", execute: () => "done" };
const nameOf = (name: string, namespace?: string) => () => tool({ ...base, name, namespace });

describe("a tool", () => {
  test("[A2.1] is frozen data with its name, schema and settings", () => {
    const made = tool({ ...base, name: "add", parameters: z.object({ x: z.number() }), needsApproval: () => true });
    expect(made).toMatchObject({ name: "add", namespace: null, description: "Does it.", isEnabled: true });
    expect(made).toMatchObject({ timeoutMs: 300_000, needsApproval: "sometimes" });
    expect(made.inputSchema).toMatchObject({ type: "object", required: ["x"] });
    expect(Object.isFrozen(made)).toBe(true);
    expect(JSON.parse(JSON.stringify(made))).toEqual({ ...made });
  });

  test("[A2.1] accepts zod, arktype, a pair, plain JSON Schema, and no parameters", () => {
    const properties = { x: { type: "number" } };
    const plain = { type: "object", properties, required: ["x"] } as const;
    const pair = { schema: z.object({ x: z.number() }), jsonSchema: plain };
    for (const parameters of [z.object({ x: z.number() }), type({ x: "number" }), pair, plain]) {
      expect(tool({ ...base, name: "a", parameters }).inputSchema).toMatchObject(plain);
    }
    expect(tool({ ...base, name: "a" }).inputSchema).toEqual({ type: "object", properties: {} });
  });

  test.each(["", "a b", "a.b", "é", "x".repeat(129), "mcp", "mcp__x", "mcp--x"])(
    "[A2.0] is refused at definition if codex would refuse its name: %j",
    (name) => {
      expect(nameOf(name)).toThrow(expect.objectContaining({ code: "INVALID_TOOL", option: "name" }));
    },
  );

  test.each(["exec", "exec_command", "apply_patch", "write-stdin", "collaboration__spawn_agent", "clock__curr_time"])(
    "[A2.0] is refused if codex would call its own tool of that name: %j",
    (name) => {
      expect(nameOf(name)).toThrow(/reserved: codex has/);
    },
  );

  test.each(["", "n".repeat(65), "functions", "web", "mcp", "mcp__x", "browser", "collaboration", "clock"])(
    "[A2.0] is refused in an invalid or reserved namespace: %j",
    (namespace) => {
      expect(nameOf("lookup", namespace)).toThrow(expect.objectContaining({ code: "INVALID_TOOL" }));
    },
  );

  test("[A2.0] may use the name of a codex tool in its own namespace, and the longest names that codex accepts", () => {
    expect(nameOf("exec_command", "my")).not.toThrow();
    expect(nameOf("x".repeat(128))).not.toThrow();
    expect(nameOf("x".repeat(62), "n".repeat(64))).not.toThrow();
    expect(nameOf("x".repeat(63), "n".repeat(64))).toThrow(/129 characters/);
  });

  test("[A2.0] names the missing or invalid option", () => {
    const make = (options: object) => () => tool({ ...base, name: "a", ...options });
    expect(make({ description: " " })).toThrow(/tool "a" needs a `description` that describes the tool/);
    expect(make({ execute: 5 })).toThrow(/tool "a" needs an `execute` that is a function/);
    expect(make({ timeoutMs: 0 })).toThrow(/`timeoutMs` that is null, or a number of milliseconds/);
    expect(make({ isEnabled: "yes" })).toThrow(/`isEnabled` that is a boolean or a function/);
    expect(make({ inputGuardrails: [5] })).toThrow(/`inputGuardrails` that is an array/);
    expect(make({ needApproval: true })).toThrow(
      expect.objectContaining({ code: "UNKNOWN_OPTION", option: "needApproval" }),
    );
  });

  test("[A2.0] suggests the nearest name for an unknown option", () => {
    const make = (options: object) => () => tool({ ...base, name: "a", ...options });
    expect(make({ needApproval: true })).toThrow(
      'The tool "a" has the unknown option `needApproval`. Did you mean `needsApproval`?',
    );
    expect(make({ zzz: true })).toThrow(/the unknown option `zzz`\. Known are: description, execute, /);
  });

  test("[A2.0] names the tool once in the error of its parameters, with the path", () => {
    const withOptions = (options: object) => () => tool({ ...base, name: "a", ...options });
    const make = (parameters: object) => withOptions({ parameters });
    expect(make({ type: "string" })).toThrow(
      'The JSON Schema of the parameters of the tool a cannot be used: it must have `type: "object"` at its top; put another value into a property of an object.',
    );
    expect(make({ type: "object", properties: { x: 5 } })).toThrow(
      "The JSON Schema of the parameters of the tool a cannot be used: `properties.x` is not a schema: it must be an object or a boolean.",
    );
  });

  test("[A2.0] names the converter if its schema has no JSON Schema", () => {
    const schema = {
      "~standard": { version: 1, vendor: "valibot", validate: (value: unknown) => ({ value }) },
    } as const;
    const make = () => tool({ ...base, name: "a", parameters: schema });
    expect(make).toThrow(OptionError);
    expect(make).toThrow(/toJsonSchema/);
  });
});
