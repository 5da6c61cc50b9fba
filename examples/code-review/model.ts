import { message, respond, shell } from "codexkit/testing";

const review = {
  summary: "One commit adds a function that divides.",
  findings: [{ file: "divide.mjs", line: 3, severity: "warning", message: "A divisor of 0 gives Infinity." }],
};

/** The model's answers in `npm run examples`. */
export const steps = [respond(shell("git show HEAD")), respond(message(JSON.stringify(review)))];
