import { message, type ModelRequest, respond, shell, usage } from "codexkit/testing";

const tokens = usage({ input: 900, output: 20 });
const write = (step: string) => respond(shell(`echo ${step} >> steps.txt`), tokens);

/** The model's answers in `npm run examples`. */
export const steps = [
  write("one"),
  respond(message("The first step is done."), tokens),
  (request: ModelRequest) => {
    if (!request.userText.includes("1 of 3")) throw new Error("the run did not continue from its state");
    return write("two");
  },
  respond(message("The second step is done."), tokens),
  write("three"),
  respond(message("All three steps are done."), tokens),
];
