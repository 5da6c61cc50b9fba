import type { JsonValue } from "../../internal/json.js";
import { decodeResult, type Decoded } from "./decode-result.js";
import { clientMethods, type ClientMethods, type Stability } from "../generated/methods.js";

/** The name of a request a client can send. */
export type ClientMethodName = keyof ClientMethods;

/** The params of a request. */
export type ParamsOf<Name extends ClientMethodName> = ClientMethods[Name]["params"];

/** The result of a request. */
export type ResultOf<Name extends ClientMethodName> = ClientMethods[Name]["result"];

/** A method of the app-server protocol as a value: its name, and the decoder of its result. */
export interface ClientMethod<Name extends ClientMethodName> {
  readonly name: Name;
  /** An experimental method requires `experimentalApi` in `initialize`. */
  readonly stability: Stability;
  decode(result: JsonValue | undefined): Decoded<ResultOf<Name>>;
}

/** Returns the method with this name. */
export function clientMethod<Name extends ClientMethodName>(name: Name): ClientMethod<Name> {
  return { name, stability: clientMethods[name], decode: (result) => decodeResult(name, result) };
}

/** Returns true for a request that this version knows. */
export function isClientMethod(name: string): name is ClientMethodName {
  return Object.hasOwn(clientMethods, name);
}
