import { expect, it } from "vitest";
import { readSourceUses } from "../../../../scripts/drift/used-by.js";
import { clientMethods } from "../../../../src/protocol/index.js";
import { findMissingMethods, usedMethods } from "../../../../src/transport/launch/method-probe.js";
import { RpcError } from "../../../../src/rpc/rpc-errors.js";

it("[A7.1] the methods that a newer codex is asked for are those that the source sends", async () => {
  const uses = await readSourceUses();
  const isSent = (method: string): boolean =>
    uses.literal(method).some((file) => file.startsWith("src/transport/") && !file.endsWith("method-probe.ts"));
  const sent = Object.keys(clientMethods).filter(isSent);
  expect(sent.filter((method) => method !== "initialize").sort()).toEqual([...usedMethods].sort());
});

it("[A7.1] an answer without a list of methods proves nothing", async () => {
  const answers = [
    () => Promise.resolve({}),
    () => Promise.reject(new RpcError("x", { code: -32600, message: "no such method" })),
  ];
  for (const request of answers) expect(await findMissingMethods({ request })).toEqual([]);
});
