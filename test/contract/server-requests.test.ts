import { expect, it } from "vitest";
import { Codex, type ThreadEvent } from "../../src/index.js";
import { refuseServerRequest, serverRequests } from "../../src/protocol/index.js";
import {
  createFakeAppServer,
  createMemoryTransport,
  message,
  respond,
  serverRequest,
} from "../../src/testing/index.js";

const methods = [...Object.keys(serverRequests), "item/something/new"];

it("[A1.23] [A2.6] refuses every kind of request without a handler in its own shape, answers the time, and the turn continues", async () => {
  const asks = methods.map((method) =>
    serverRequest(method, ({ threadId, turnId }) => ({ threadId, turnId, conversationId: threadId })),
  );
  await using server = await createFakeAppServer([respond(...asks, message("All requests were refused."))]);
  await using codex = new Codex(server.codexOptions());
  const turn = codex.startThread({ skipGitRepoCheck: true }).runStreamed("Ask for everything");
  const events: ThreadEvent[] = [];
  for await (const event of turn) events.push(event);
  expect((await turn.result()).finalResponse).toBe("All requests were refused.");
  expect(server.answers.map(({ method }) => method)).toEqual(methods);
  for (const { method, result, error } of server.answers) {
    if (method === "currentTime/read") {
      const { currentTimeAt = 0 } = result as { readonly currentTimeAt?: number };
      expect(currentTimeAt).toBeCloseTo(Date.now() / 1000, -2);
      continue;
    }
    const refusal = refuseServerRequest(method);
    expect(result ?? error, method).toEqual(refusal.kind === "result" ? refusal.result : refusal.error);
  }
  const refused = events.flatMap((event) => (event.type === "codexkit.request.refused" ? [event.method] : []));
  expect(refused).toEqual(methods.filter((method) => method !== "currentTime/read"));
});

it("[A1.23] refuses requests without a thread, and requests of a thread that does not run", async () => {
  const params = { threadId: "01a2b3c4-0000-7000-8000-000000000000" };
  const asks = methods.flatMap((method) => [serverRequest(method, {}), serverRequest(method, params)]);
  await using server = await createFakeAppServer([respond(...asks, message("Done."))]);
  await using codex = new Codex(server.codexOptions());
  await codex.startThread({ skipGitRepoCheck: true }).run("Ask for everything");
  expect(server.answers).toHaveLength(2 * methods.length);
});

it("[A1.23] refuses requests on the memory transport, too", async () => {
  const ask = serverRequest("item/commandExecution/requestApproval", ({ threadId, turnId }) => ({ threadId, turnId }));
  const transport = createMemoryTransport([respond(ask, message("Done."))]);
  await using codex = new Codex({ transport });
  const turn = codex.startThread({ skipGitRepoCheck: true }).runStreamed("Ask");
  const types: string[] = [];
  for await (const { type } of turn) types.push(type);
  expect(types).toContain("codexkit.request.refused");
  transport.assertDone();
});
