import type { JsonValue } from "../../internal/json.js";
import { decodeResult, type Decoded } from "./decode-result.js";
import { clientMethods, type ClientMethods, type Stability } from "../generated/methods.js";

/** The name of a request a client can send. */
export type ClientMethodName = keyof ClientMethods;

/** What a request takes. */
export type ParamsOf<Name extends ClientMethodName> = ClientMethods[Name]["params"];

/** What a request gives back. */
export type ResultOf<Name extends ClientMethodName> = ClientMethods[Name]["result"];

/** One method of the app-server protocol as a value: whoever holds it can send it and read its answer. */
export interface ClientMethod<Name extends ClientMethodName> {
  readonly name: Name;
  /** An experimental method needs `experimentalApi` in `initialize`. */
  readonly stability: Stability;
  decode(result: JsonValue | undefined): Decoded<ResultOf<Name>>;
}

/** The method of that name. */
export function clientMethod<Name extends ClientMethodName>(name: Name): ClientMethod<Name> {
  return { name, stability: clientMethods[name], decode: (result) => decodeResult(name, result) };
}

/** True for the requests this version knows. */
export function isClientMethod(name: string): name is ClientMethodName {
  return Object.hasOwn(clientMethods, name);
}
