import { functionCall, message, respond, type ModelRequest } from "codexkit/testing";

/** The model's answers in `npm run examples`. */
export const steps = [
  respond(
    functionCall("in_stock", { article: "pears" }, { callId: "pears" }),
    functionCall("in_stock", { article: "apples" }, { callId: "apples" }),
  ),
  ({ outputs }: ModelRequest) => {
    const told = outputs.find(({ callId }) => callId === "pears")?.text;
    const pieces = told === '{"article":"pears","pieces":3}' ? 7 : 0;
    return respond(
      functionCall("order", { article: "pears", pieces }),
      functionCall("order", { article: "apples", pieces: 28 }, { callId: "many" }),
    );
  },
  (request: ModelRequest) =>
    respond(message(`There are 10 pears. About the apples: ${request.output("many") ?? "nothing was said"}`)),
];
