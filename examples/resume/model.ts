import { message, respond, usage, type ModelRequest } from "codexkit/testing";

const tokens = usage({ input: 900, output: 20 });

/** The model's answers in `npm run examples`. */
export const steps = [
  respond(message("The ship is called Kittiwake."), tokens),
  (request: ModelRequest) => {
    const remembered = JSON.stringify(request.input).includes("Kittiwake");
    return respond(message(remembered ? "Kittiwake." : "I do not remember."), tokens);
  },
];
