import { functionCall, message, type ModelRequest, respond } from "codexkit/testing";

/** The model's answers in `npm run examples`. */
export const steps = [
  respond(functionCall("addTask", { title: "write tests" }), functionCall("addTask", { title: "write docs" })),
  respond(functionCall("finishTask", { title: "docs" }, { callId: "wrong" })),
  (request: ModelRequest) => {
    if (!request.output("wrong")?.includes("write docs")) throw new Error("the model did not receive the error");
    return respond(functionCall("finishTask", { title: "write docs" }, { callId: "right" }));
  },
  (request: ModelRequest) => {
    if (!request.output("right")?.includes("1 open")) throw new Error("the task was not ticked off");
    return respond(message("One task is left: write tests."));
  },
];
