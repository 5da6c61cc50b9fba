import { message, repeat, respond, stall, type ModelRequest } from "codexkit/testing";

/** The model's answers in `npm run examples`. */
export const steps = [
  repeat(({ userText }: ModelRequest) =>
    userText.includes("6 times 7")
      ? respond(message("42."))
      : respond(message("The first file is about", { deltas: 6 }), stall()),
  ),
];
