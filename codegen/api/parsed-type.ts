import type { Position } from "../emit/index.ts";
import type { ApiField } from "./schema.ts";

/** A type as its file writes it: the structs it embeds are not looked up yet. */
export interface ParsedType {
  readonly name: string;
  readonly doc: string;
  readonly members: readonly ParsedMember[];
  readonly at: Position;
}

export interface ParsedField extends ApiField {
  /** True for `*T`. */
  readonly pointer: boolean;
}

export type ParsedMember = ({ readonly kind: "field" } & ParsedField) | EmbeddedStruct;

/** A struct whose fields become those of the type that names it. */
export interface EmbeddedStruct {
  readonly kind: "embedded";
  readonly type: string;
  /** All its fields may be left out. */
  readonly optional: boolean;
  readonly at: Position;
}
