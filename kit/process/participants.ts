import type { Database } from "@mall/kit/store";

/** What a service can do in a transaction of a neighbour; `Participant` is its interface. */
export interface ParticipantDefinition<Participant> {
  /** E.g. `product.stock`. */
  readonly name: string;
  /** Never there: it ties the interface to the definition. */
  readonly participant?: Participant;
}

/** A part that a service may take; the result stands for it in `Participants`. */
export function defineParticipant<Participant>(name: string): ParticipantDefinition<Participant> {
  return { name };
}

/**
 * The services of one process that take part in each other's transactions. They do where they stand on one database;
 * neighbours in other processes, and on other databases, are reached by calls that can be repeated.
 */
export class Participants {
  readonly #offered = new Map<object, { readonly database: Database; readonly participant: unknown }>();

  /** Lets neighbours that are built later find what a service can do in their transactions on this database. */
  offer<Participant>(
    definition: ParticipantDefinition<Participant>,
    database: Database,
    participant: Participant,
  ): void {
    this.#offered.set(definition, { database, participant });
  }

  /** What is offered for transactions on this database. */
  find<Participant>(
    definition: ParticipantDefinition<Participant>,
    database: Database,
  ): Participant | undefined {
    const offered = this.#offered.get(definition);
    // The map pairs each definition with a participant of its type, see `offer`.
    return offered?.database === database ? (offered.participant as Participant) : undefined;
  }
}
