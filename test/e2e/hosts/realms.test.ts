import { describe, expect, it, onTestFinished } from "vitest";
import type { ThreadEvent } from "../../../src/index.js";
import { functionCall, gate, message, respond, shell, type ModelRequest } from "../../../src/testing/index.js";
import { openRealCodex, transports, type RealCodex } from "../real-codex.js";
import { openRealm, type Realm } from "./realm.js";

/** A client of the library in a realm without Node's globals. All of its options are objects of the test's realm. */
function openClient({ library }: Realm, stand: RealCodex, transport: (typeof transports)[number]) {
  const options = { ...stand.model.codexOptions({ codexHome: stand.home }), transport, allowWritableBinary: true };
  const codex = new library.Codex(options);
  onTestFinished(() => codex.close());
  return codex;
}

describe.each(transports)("[H1] [H2] a host with the globals of jsdom in a vm context, %s", (transport) => {
  it("[A7.2] runs a command and a tool, and passes the tool's error of another realm to the model", async () => {
    const namespace = transport === "exec" ? { namespace: "mcp__codexkit" } : {};
    const steps = [
      respond(shell("echo made", { callId: "echo" })),
      respond(functionCall("look_up", { id: 1 }, { ...namespace, callId: "call" })),
      (request: ModelRequest) => {
        expect(request.output("echo")).toContain("made");
        expect(request.output("call")).toContain("no ticket 1");
        return respond(message("Done."));
      },
    ];
    await using stand = await openRealCodex(transport, steps);
    const realm = await openRealm();
    const codex = openClient(realm, stand, transport);
    const lookUp = realm.library.tool({
      name: "look_up",
      description: "Looks up a ticket",
      parameters: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] },
      execute: () => {
        throw new RangeError("no ticket 1");
      },
    });
    const thread = codex.startThread({ ...stand.thread, tools: [lookUp], onApproval: () => ({ decision: "accept" }) });
    const { finalResponse } = await thread.run("Look", { timeoutMs: 30_000, idleTimeoutMs: 20_000 });
    expect(finalResponse).toBe("Done.");
    await stand.model.assertDone();
  });

  it("[A7.2] aborts a turn by a signal of each realm, with the signal's reason as the cause", async () => {
    await using stand = await openRealCodex(transport, [
      respond(message("slow"), gate()),
      respond(message("slow"), gate()),
    ]);
    const realm = await openRealm();
    const codex = openClient(realm, stand, transport);
    for (const controller of [new AbortController(), makeController(realm)]) {
      const reason = new TypeError("enough");
      const turn = codex.startThread(stand.thread).runStreamed("Wait", { signal: controller.signal });
      const error: unknown = await abortStarted(turn, () => controller.abort(reason)).catch(
        (thrown: unknown) => thrown,
      );
      expect(realm.library.CodexError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ code: "ABORTED", cause: reason });
      expect(realm.library.partialResultOf(error)).toMatchObject({ finalResponse: null });
    }
  });
});

async function abortStarted(turn: AsyncIterable<ThreadEvent>, abort: () => void): Promise<void> {
  for await (const event of turn) if (event.type === "turn.started") abort();
}

function makeController(realm: Realm): AbortController {
  return realm.evaluate("new AbortController()") as AbortController;
}
