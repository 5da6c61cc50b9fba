import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { CodexError, tool } from "../../../src/index.js";
import { fail, functionCall, message, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

const features = { features: { plugins: false, apps: false } };

describe.each(transports)("a key that is an ordinary word, %s", (transport) => {
  it.each(["-", "bin"])("[K] leaves PATH, HOME and CODEX_HOME in the environment: %s", async (apiKey) => {
    const print = shell('echo "PATH=$PATH HOME=$HOME KEY=$MY_KEY OTHER=$OTHER"', { callId: "print" });
    const steps = [respond(print), respond(message("ok"))];
    await using stand = await openRealCodex(transport, steps, { acceptKeys: { short: apiKey } });
    const { PATH = "", HOME = "" } = process.env;
    const codex = stand.client({
      apiKey,
      baseUrl: stand.model.baseUrl,
      config: features,
      env: { PATH, HOME, CODEX_HOME: stand.home, MY_KEY: apiKey, OTHER: `a-${apiKey}-b` },
    });
    await codex.startThread(stand.thread).run("Print");
    const output = stand.model.requests[1]?.output("print") ?? "";
    expect(output).toMatch(/PATH=\S*\/bin/);
    expect(output).toContain(`HOME=${HOME} KEY= OTHER=a-${apiKey}-b`);
  });
});

it.each(transports)("[K] an answer of 20 MB of the service is not in the error as a whole, %s", async (transport) => {
  const body = { error: { message: `begin ${"x".repeat(20_000_000)} end` } };
  await using stand = await openRealCodex(transport, [fail(400, body)]);
  const turn = stand.codex.startThread(stand.thread).runStreamed("Fail");
  const error: unknown = await turn.result().catch((reason: unknown) => reason);
  if (!CodexError.isInstance(error)) throw new Error("The turn did not fail.");
  expect(error.message).toContain("begin");
  expect(error.message).toMatch(/\[\d+ characters omitted\]/);
  expect(error.message.length).toBeLessThan(40_000);
  expect(JSON.stringify(error).length).toBeLessThan(50_000);
});

it.each(transports)("[K] a proxy that NO_PROXY excepts for every host receives no request, %s", async (transport) => {
  const seen: string[] = [];
  const proxy = createServer((request, response) => {
    seen.push(`${request.method ?? ""} ${request.url ?? ""} ${JSON.stringify(request.headers)}`);
    response.writeHead(502).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const address = proxy.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? String(address?.port) : ""}`;
  const lookup = tool({
    name: "lookup",
    description: "Looks up",
    parameters: z.object({}),
    execute: () => "found",
  });
  const namespace = transport === "exec" ? { namespace: "mcp__codexkit" } : {};
  const steps = [respond(functionCall("lookup", {}, { callId: "call", ...namespace })), respond(message("ok"))];
  await using stand = await openRealCodex(transport, steps);
  const { env } = stand.model.codexOptions({ codexHome: stand.home });
  const codex = stand.client({ env: { ...env, HTTP_PROXY: url, http_proxy: url, ALL_PROXY: url, NO_PROXY: "*" } });
  await codex.startThread({ ...stand.thread, tools: [lookup] }).run("Look it up");
  expect(stand.model.requests[1]?.output("call")).toContain("found");
  expect(seen).toEqual([]);
});
