import { message, respond, shell } from "codexkit/testing";

/** What the model says when the example is run by `npm run examples`. */
export const steps = [respond(shell("git log -1")), respond(message("- The project was started."))];
