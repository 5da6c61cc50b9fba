import { fail, message, repeat, respond, type ModelRequest } from "codexkit/testing";

/** The model's answers in `npm run examples`. */
export const steps = [
  repeat(({ userText }: ModelRequest) =>
    userText.endsWith("Answer in one sentence.") ? respond(message(`Asked: ${userText}`)) : fail(400),
  ),
];
