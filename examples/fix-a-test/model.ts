import { message, patch, respond, shell, updateFile, usage, type ModelRequest } from "codexkit/testing";

const tokens = usage({ input: 1800, cached: 1200, output: 90 });

/** The model's answers in `npm run examples`. */
export const steps = [
  respond(shell("node --test", { callId: "before" }), tokens),
  respond(shell("cat average.mjs"), tokens),
  respond(
    patch([updateFile("average.mjs", "  return sum / (numbers.length - 1);\n", "  return sum / numbers.length;\n")]),
  ),
  respond(shell("node --test", { callId: "after" }), tokens),
  (request: ModelRequest) => {
    if (!request.output("before")?.includes("fail 1")) throw new Error("the test did not fail before the fix");
    if (!request.output("after")?.includes("fail 0")) throw new Error("the test does not pass after the fix");
    return respond(message("The average divided by one number too few. It passes now.", { deltas: 12 }), tokens);
  },
];
