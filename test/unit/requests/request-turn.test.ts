import { describe, expect, it } from "vitest";
import { refuseServerRequest, type ThreadEvent } from "../../../src/protocol/index.js";
import { refuseRequest } from "../../../src/requests/request-turn.js";

describe("a request that nobody handles", () => {
  it.each(["item/commandExecution/requestApproval", "item/tool/call", "something/new"])(
    "[A1.23] is refused in its own shape, and an event says so: %s",
    (method) => {
      const told: ThreadEvent[] = [];
      const answer = refuseRequest({ id: 7, method, threadId: "thread-1" }, (event) => told.push(event));
      expect(answer).toEqual(refuseServerRequest(method));
      expect(told).toMatchObject([
        { type: "codexkit.request.refused", threadId: "thread-1", turnId: null, method, requestId: 7 },
      ]);
    },
  );
});
