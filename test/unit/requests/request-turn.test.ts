import { describe, expect, it } from "vitest";
import { refuseServerRequest, type ThreadEvent } from "../../../src/protocol/index.js";
import { refuseRequest } from "../../../src/requests/request-turn.js";

describe("a request without a handler", () => {
  it.each(["item/commandExecution/requestApproval", "item/tool/call", "something/new"])(
    "[A1.23] is refused in the form of its method, with an event: %s",
    (method) => {
      const emitted: ThreadEvent[] = [];
      const answer = refuseRequest({ id: 7, method, threadId: "thread-1" }, (event) => emitted.push(event));
      expect(answer).toEqual(refuseServerRequest(method));
      expect(emitted).toMatchObject([
        { type: "codexkit.request.refused", threadId: "thread-1", turnId: null, method, requestId: 7 },
      ]);
    },
  );
});
