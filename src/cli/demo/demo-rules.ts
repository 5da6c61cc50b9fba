import { allow, type ApprovalRule, deny, first, match } from "../../index.js";

/** Who decides while the model is scripted: rules, which allow what the demo is to show and nothing else. */
export const demoRules: ApprovalRule = first(
  match({ command: "git commit" }, allow("commits are fine in the demo's own repository")),
  match({ tool: "close_ticket" }, allow("the ticket is the demo's own")),
  deny("the demo needs nothing else"),
);
