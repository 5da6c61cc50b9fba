import { describe, expect, test } from "vitest";
import { createMemoryTransport } from "../../../../src/testing/fakes/memory/memory-transport.js";
import {
  createFakeAppServer,
  createFakeExec,
  createScriptedModel,
  die,
  message,
  repeat,
  respond,
  shell,
  when,
} from "../../../../src/testing/index.js";
import { post } from "../model/post-request.js";

const doubles: readonly (readonly [string, (steps: never) => unknown])[] = [
  ["createScriptedModel", createScriptedModel],
  ["createFakeAppServer", createFakeAppServer],
  ["createFakeExec", createFakeExec],
  ["createMemoryTransport", createMemoryTransport],
];

/** Calls the function with steps of any type. */
async function create(make: (steps: never) => unknown, steps: unknown): Promise<unknown> {
  return Reflect.apply(make, undefined, [steps]);
}

describe.each(doubles)("%s", (_, make) => {
  test.each([
    ["a part", [message("hi")], '`steps[0]` is the part `message "hi"`, not a step. Wrap it in `respond(...)`.'],
    [
      "a part after a step",
      [respond(message("hi")), shell("ls")],
      '`steps[1]` is the part `functionCall "exec_command"`, not a step. Wrap it in `respond(...)`.',
    ],
    [
      "a repeated part",
      [repeat(message("hi"))],
      '`steps[0].step` is the part `message "hi"`, not a step. Wrap it in `respond(...)`.',
    ],
    [
      "a part for matching requests",
      [when("x", respond(message("hi")), die())],
      "`steps[0].steps[1]` is the part `die`, not a step. Wrap it in `respond(...)`.",
    ],
    ["a text", ["hi"], "`steps[0]` is not a step. Create it with `respond(...)`, `fail(...)` or another function"],
    ["nothing", [undefined], "`steps[0]` is not a step. "],
    [
      "one step in place of an array",
      respond(message("hi")),
      "`steps` must be an array of steps, such as `[respond(...)]`.",
    ],
  ])("refuses %s when it is created", async (_fault, steps, text) => {
    await expect(create(make, steps)).rejects.toMatchObject({
      code: "INVALID_OPTION",
      option: "steps",
      message: expect.stringContaining(text) as string,
    });
  });
});

test("a part that is added to a running double is refused", async () => {
  await using model = await createScriptedModel();
  expect((): unknown => Reflect.apply(model.add.bind(model), undefined, [message("hi")])).toThrow(
    expect.objectContaining({ code: "INVALID_OPTION" }),
  );
});

test("a part that a step function returns is reported by assertDone()", async () => {
  const model = await createScriptedModel([(() => message("hi")) as never], { strict: false });
  expect((await post(model, "hi")).status).toBe(400);
  await expect(model.assertDone()).rejects.toThrow(
    'a step function returned the part `message "hi"`, not a step. Wrap it in `respond(...)`.',
  );
  await model.close();
});
