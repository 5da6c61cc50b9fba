import { expect, test } from "vitest";
import { AppServerState } from "../../../../../src/testing/fakes/app-server/app-server-state.js";
import type { FakeStep } from "../../../../../src/testing/script/fake-parts.js";
import { die, message, respond } from "../../../../../src/testing/index.js";
import { connectInMemory } from "../../../../../src/testing/fakes/app-server/memory-connection.js";
import { Script } from "../../../../../src/testing/script/script.js";
import { pick } from "../../start-program.js";

const initialize = { id: 1, method: "initialize", params: { clientInfo: { name: "t", version: "1" } } };

test("a fake app-server answers in memory as its processes do", async () => {
  const state = createState(respond(message("hi")));
  const channel = connectInMemory(state);
  const lines = channel.lines[Symbol.asyncIterator]();
  await channel.write(JSON.stringify(initialize));
  await channel.write('{"id":2,"method":"thread/start"}');
  const [, started] = state.sent;
  const threadId = pick(started, "result", "thread", "id") ?? "";
  await channel.write(JSON.stringify({ id: 3, method: "turn/start", params: { threadId, input: [] } }));
  const texts: string[] = [];
  while (!texts.some((text) => text.includes("turn/completed"))) {
    const batch = await lines.next();
    if (batch.done !== true) texts.push(...batch.value.map((line) => line.text));
  }
  expect(texts).toEqual(state.sent.map((sent) => JSON.stringify(sent)));
  channel.end();
  expect(await lines.next()).toMatchObject({ done: true });
  await expect(channel.write("{}")).rejects.toThrow("ended");
});

test("its lines end where the script lets the process die", async () => {
  const state = createState(respond(die(), message("never")));
  const channel = connectInMemory(state);
  await channel.write(JSON.stringify(initialize));
  await channel.write('{"id":2,"method":"thread/start"}');
  const threadId = pick(state.sent[1], "result", "thread", "id") ?? "";
  await channel.write(JSON.stringify({ id: 3, method: "turn/start", params: { threadId, input: [] } }));
  let text = "";
  for await (const batch of channel.lines) text += batch.map((line) => line.text).join("\n");
  expect(text).toContain("turn/started");
  expect(text).not.toContain("never");
});

function createState(...steps: FakeStep[]): AppServerState {
  return new AppServerState(new Script("fake app-server", steps), "0.169.0");
}
